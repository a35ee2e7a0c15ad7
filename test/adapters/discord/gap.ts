import { createNotes } from '../../support/notes.ts';
import { type ListeningOptions, startHearing } from './listening.ts';

export const route = '/channels/:channel/messages';

/** A bridge that has heard `hello` in a DM and in a server's channel, and has ended; the next one has its notes. */
export async function heardBefore(options: ListeningOptions = {}) {
  const notes = createNotes();
  const first = await startHearing({ ...options, notes });
  const { emulator } = first;
  const channel = emulator.guild().channel();
  const dm = emulator.dm();
  for (const place of [channel, dm]) place.say(`${emulator.mention} hello`);
  await emulator.until(() => first.heard.length === 2);
  await first.stop();
  const restart = (more: ListeningOptions = {}) => startHearing({ ...options, emulator, notes, ...more });
  const asked = () => emulator.calls.filter((call) => call.method === 'GET' && call.route === route);
  return { emulator, notes, channel, dm, restart, asked };
}
