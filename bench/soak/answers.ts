import type { Brain } from '../../emulators/coze/script.ts';

/** What people ask about something that has this name. */
export const questionOf = (name: string): string => `What of ${name}?`;

const words = 'river lantern copper morning quiet harbour window silver garden letter mountain paper'.split(
  ' ',
);

/** Fifteen deltas in a second and a half; in five where the platform limits how often an answer can be edited. */
const deltas = 15;
const everyMs = 100;
const slowlyMs = 330;

export const answerOf = (name: string): string => piecesOf(name).join('');

function piecesOf(name: string): string[] {
  const middle = Array.from({ length: deltas - 2 }, (_, nth) => `${words[nth % words.length]} `);
  return [`About ${name}: `, ...middle, `and that was ${name}.`];
}

/** Coze's part. */
export const brain: Brain = ({ text }) => {
  const [, name = 'nothing'] = /What of (\S+)\?/.exec(text) ?? [];
  const isLimited = Number.isNaN(Number(name));
  return { steps: [{ say: piecesOf(name), everyMs: isLimited ? slowlyMs : everyMs }] };
};
