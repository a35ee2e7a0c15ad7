interface GreetingOptions {
  /** Whose word is waited for. */
  readonly hosts: readonly string[];
  readonly compose: (invitations: readonly string[]) => string;
}

/** What a person on this terminal is told first: an address only once somebody listens there. */
export interface Greeting {
  invite(words: string): void;
  /** It is heard by now, or never will be. */
  begun(host: string): void;
  /** Resolves when all of them have begun. */
  text(): Promise<string>;
}

export function createGreeting({ hosts, compose }: GreetingOptions): Greeting {
  const invitations: string[] = [];
  const awaited = new Set(hosts);
  let begin = () => {};
  const allBegun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  if (awaited.size === 0) begin();
  return {
    invite: (words) => void invitations.push(words),
    begun(host) {
      awaited.delete(host);
      if (awaited.size === 0) begin();
    },
    async text() {
      await allBegun;
      return compose(invitations);
    },
  };
}
