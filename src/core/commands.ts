/** What a reader may ask of the bridge itself, on every platform. */
export type Command = 'start' | 'help' | 'reset' | 'stop';

/** The command that a text is, if it is one. What follows the command (a deep link's payload) is left aside. */
export function parseCommand(text: string): Command | undefined {
  const name = /^\/(start|help|reset|stop)(?:\s|$)/i.exec(text.trim())?.[1];
  return name?.toLowerCase() as Command | undefined;
}
