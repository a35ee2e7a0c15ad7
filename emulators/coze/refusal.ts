/** Coze says no, in its own numbers. The routes throw it; the server puts it on the wire. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: number;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  constructor(code: number, msg: string, status = 200, headers: Readonly<Record<string, string>> = {}) {
    super(msg);
    this.code = code;
    this.status = status;
    this.headers = headers;
  }
}

export const badParameter = (what: string) => new Refusal(4000, `Request parameter error: ${what}`);

/** What Coze says of a body whose fields have the wrong types: it does not tell which. */
export const badBody = () =>
  new Refusal(4000, 'The field http body provided is not a valid json or chat request');
