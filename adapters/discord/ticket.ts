import type { ReplyTarget } from '../../src/core/message.ts';

// What the sender must know of a slash command to answer it travels in `ReplyTarget.token`.

/** Where a slash command is answered, for the fifteen minutes that its token lives. */
export interface Webhook {
  readonly application: string;
  readonly token: string;
  /** Only the person who gave the command sees the answer. */
  readonly ephemeral: boolean;
}

export function writeTicket({ application, token, ephemeral }: Webhook): string {
  return [application, token, ...(ephemeral ? ['ephemeral'] : [])].join('/');
}

/** Undefined for the answer to a message. */
export function webhookOf({ token: ticket = '' }: ReplyTarget): Webhook | undefined {
  const [application = '', token, flag] = ticket.split('/');
  return token === undefined ? undefined : { application, token, ephemeral: flag !== undefined };
}

export const webhookPath = ({ application, token }: Pick<Webhook, 'application' | 'token'>) =>
  `/webhooks/${application}/${token}` as const;
