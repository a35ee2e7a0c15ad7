import { expect, test } from 'vitest';
import { allIn, serve } from './served.ts';

test.each([
  [
    'the indentation of a first line, and line breaks',
    ['\n', '    if (ready) {\n', '      go();\n    }\n\n'],
  ],
  ['a tag of which the answer speaks', ['<think>', ' is what it is called.']],
  ['white space alone', [' \n']],
])('an answer is told as Coze said it: %s', async (_what, pieces) => {
  const bridge = await serve('embedded');
  const said = pieces.join('');
  bridge.coze.answer({ steps: [{ say: pieces, everyMs: 50 }] });
  const answer = await bridge.post('/chat', { message: 'hi' });
  expect(await answer.json()).toMatchObject({ response: said, status: 'answered' });
  const heard = await allIn(await bridge.post('/chat/stream', { message: 'hi' }));
  expect(heard.at(-1)).toMatchObject({ type: 'complete', data: { full_content: said } });
  const chunks = heard.slice(0, -1);
  expect(chunks.map(({ type }) => type)).not.toContain('replace');
  expect(chunks.map(({ data }) => data.content).join('')).toBe(said);
});
