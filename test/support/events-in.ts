export interface Heard {
  readonly id: string;
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a client finds there is what is tested
  readonly data: any;
}

/** The events of a stream, as they come. */
export async function* eventsIn({ body }: Response): AsyncGenerator<Heard> {
  if (!body) return;
  let rest = '';
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    const events = (rest + piece).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const [, id = ''] = /^id: (.*)$/m.exec(event) ?? [];
      const [, data] = /^data: (.*)$/m.exec(event) ?? [];
      if (data !== undefined) yield { id, ...JSON.parse(data) };
    }
  }
}
