/** Who asks in a conversation by HTTP, where nobody else tells. */
export interface Session {
  readonly id: string;
  /** Whose it is: nobody else may know that it is there. */
  readonly owner: string;
  /** The person that asks, as the program calls them. */
  readonly user: string;
  /** Questions so far. */
  readonly messages: number;
  /** When it was last asked in; milliseconds since 1970. */
  readonly at: number;
}

/** For 90 days after each was last asked in. */
export interface Sessions {
  /** Counts one question more, and makes the session if there is none. Undefined, and nothing is done: it is another one's. */
  ask(session: Pick<Session, 'id' | 'owner' | 'user'>): Promise<Session | undefined>;
  find(id: string): Promise<Session | undefined>;
}
