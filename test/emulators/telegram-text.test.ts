import type { MessageEntity, ParseMode } from 'grammy/types';
import { describe, expect, test } from 'vitest';
import { refused, startBot } from './telegram-bot.ts';

async function dm() {
  const { emulator, api } = await startBot();
  const chat = emulator.privateChat();
  const send = (text: string, entities?: MessageEntity[]) =>
    api.sendMessage(chat.id, text, entities === undefined ? {} : { entities });
  const parse = (text: string, parse_mode: ParseMode) => api.sendMessage(chat.id, text, { parse_mode });
  return { emulator, api, chat, send, parse };
}

const bold = (offset: number, length: number): MessageEntity => ({ type: 'bold', offset, length });
const italic = (offset: number, length: number): MessageEntity => ({ type: 'italic', offset, length });

describe('what the server does to a text', () => {
  test('control characters and tabs become a space, and marks that break lines vanish', async () => {
    const { send } = await dm();
    const { text } = await send('a\tb\u0001c\rd\u2028e\u202ef\u030ag\u0333h\u033fi\nj');
    expect(text).toBe('a b cdefghi\nj');
  });

  test('the ends are trimmed, and on the left only as far as the first entity', async () => {
    const { send } = await dm();
    expect((await send('\n  plain  \n')).text).toBe('plain');
    const code = await send('  x\n', [{ type: 'pre', offset: 1, length: 3 }]);
    expect(code).toMatchObject({ text: ' x', entities: [{ type: 'pre', offset: 0, length: 2 }] });
  });

  test('entities move with the characters that vanish before them', async () => {
    const { send } = await dm();
    expect(await send(' \r\ra\rbc', [bold(4, 2)])).toMatchObject({ text: 'abc', entities: [bold(1, 1)] });
  });

  test('nothing visible is an empty message', async () => {
    const { send } = await dm();
    const empty = '400 Bad Request: message text is empty';
    expect(await refused(send(''))).toBe(empty);
    expect(await refused(send(' \n\t\r'))).toBe(empty);
    expect(await refused(send('.'))).toBe('accepted');
  });

  test('4096 code points pass, one more is too long; edits say so in other words', async () => {
    const { api, chat, send } = await dm();
    expect(await refused(send('😀'.repeat(4096)))).toBe('accepted');
    expect(await refused(send('😀'.repeat(4097)))).toBe('400 Bad Request: message is too long');
    expect(await refused(send(`${'a'.repeat(4096)}   `))).toBe('accepted');
    const { message_id } = await send('short');
    expect(await refused(api.editMessageText(chat.id, message_id, 'a'.repeat(4096)))).toBe('accepted');
    expect(await refused(api.editMessageText(chat.id, message_id, 'a'.repeat(4097)))).toBe(
      '400 Bad Request: MESSAGE_TOO_LONG',
    );
  });

  test('half of a surrogate pair is no UTF-8, a whole one is', async () => {
    const { send } = await dm();
    expect(await refused(send('a\ud83d'))).toBe('400 Bad Request: strings must be encoded in UTF-8');
    expect(await refused(send('a\ud83d\ude00'))).toBe('accepted');
    const url = 'https://a.test/\ud83d';
    expect(await refused(send('a', [{ type: 'text_link', offset: 0, length: 1, url }]))).toMatch('UTF-8');
    expect(await refused(send('{"about": "\\ud83d"}'))).toBe('accepted');
  });

  test('bytes that are no UTF-8 are refused', async () => {
    const { emulator, chat } = await dm();
    const post = (text: Buffer) =>
      fetch(`${emulator.url}/bot${emulator.token}/sendMessage`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: Buffer.concat([Buffer.from(`{"chat_id":${chat.id},"text":"`), text, Buffer.from('"}')]),
      });
    expect((await post(Buffer.from([0xff]))).status).toBe(400);
    expect((await post(Buffer.from('ÿ'))).status).toBe(200);
  });

  test('links, mentions, commands and tags are found, in the text of bots too', async () => {
    const { send } = await dm();
    const { entities } = await send(
      'see https://a.test/x, coze.cn @some_user /start@a_bot #tag $TON a@b.test',
    );
    expect(entities?.map(({ type, length }) => [type, length])).toEqual([
      ['url', 16],
      ['url', 7],
      ['mention', 10],
      ['bot_command', 12],
      ['hashtag', 4],
      ['cashtag', 4],
      ['email', 8],
    ]);
    const anchor = await send('https://a.test/#top');
    expect(anchor.entities).toEqual([{ type: 'url', offset: 0, length: 19 }]);
    const code = await send('see coze.cn', [{ type: 'code', offset: 4, length: 7 }]);
    expect(code.entities).toEqual([{ type: 'code', offset: 4, length: 7 }]);
  });
});

describe('entities', () => {
  test('that do not fit the text are refused, each with its reason', async () => {
    const { send } = await dm();
    const why = (entity: MessageEntity) => refused(send('a😀bc', [entity]));
    expect(await why(bold(1, 2))).toBe('accepted');
    expect(await why(bold(-1, 2))).toBe('400 Bad Request: receive an entity with incorrect offset -1');
    expect(await why(bold(0, -2))).toBe('400 Bad Request: receive an entity with incorrect length -2');
    expect(await why(bold(2, 1))).toBe(
      '400 Bad Request: entity begins in a middle of a UTF-16 symbol at byte offset 4',
    );
    expect(await why(bold(0, 2))).toMatch(/^400 Bad Request: entity ends in a middle of a UTF-16 symbol/);
    expect(await why(bold(3, 2))).toBe('accepted');
    expect(await why(bold(3, 3))).toBe(
      '400 Bad Request: entity beginning at UTF-16 offset 3 ends after the end of the text at UTF-16 offset 6',
    );
    expect(await why(bold(5, 1))).toBe(
      '400 Bad Request: entity begins after the end of the text at UTF-16 offset 5',
    );
  });

  test('of unknown kinds, and those that the server finds itself, are ignored', async () => {
    const { send } = await dm();
    const odd = [{ type: 'sparkle', offset: 0, length: 1 }] as unknown as MessageEntity[];
    expect((await send('abc', odd)).entities).toBeUndefined();
    expect((await send('abc', [{ type: 'mention', offset: 0, length: 3 }])).entities).toBeUndefined();
  });

  test('only the first hundred are kept, without a word', async () => {
    const { send } = await dm();
    const many = Array.from({ length: 120 }, (_, index) => bold(index * 2, 1));
    const { entities } = await send('ab'.repeat(120), many);
    expect(entities).toHaveLength(100);
    expect(entities?.at(-1)).toEqual(bold(198, 1));
  });

  test('together may not be longer than about 9500 bytes', async () => {
    const { send } = await dm();
    const links = (urlLength: number) =>
      Array.from({ length: 50 }, (_, index) => ({
        type: 'text_link' as const,
        offset: index * 2,
        length: 1,
        url: `https://a.test/${'x'.repeat(urlLength - 15)}`,
      }));
    expect(await refused(send('ab'.repeat(50), links(150)))).toBe('accepted');
    expect(await refused(send('ab'.repeat(50), links(200)))).toBe('400 Bad Request: ENTITIES_TOO_LONG');
  });

  test('that nest wrongly are repaired: nothing is in code, no quote in a quote, styles are cut', async () => {
    const { send } = await dm();
    const repaired = async (entities: MessageEntity[]) => (await send('0123456789', entities)).entities;
    const code: MessageEntity = { type: 'code', offset: 3, length: 3 };
    expect(await repaired([bold(0, 10), code])).toEqual([bold(0, 3), code, bold(6, 4)]);
    expect(await repaired([{ type: 'pre', offset: 2, length: 6 }, code])).toEqual([
      { type: 'pre', offset: 2, length: 6 },
    ]);
    const quote: MessageEntity = { type: 'blockquote', offset: 0, length: 8 };
    expect(await repaired([quote, { type: 'blockquote', offset: 2, length: 2 }])).toEqual([quote]);
    expect(await repaired([quote, code])).toEqual([quote, code]);
    expect(await repaired([bold(0, 6), italic(4, 6)])).toEqual(
      [bold(0, 4), bold(4, 2), italic(4, 6)].toSorted((a, b) => a.offset - b.offset || b.length - a.length),
    );
  });
});

describe('parse modes', () => {
  test.each([
    [
      '*b* _i_ __u__ ~s~ ||x|| `c`',
      ['bold', 'italic', 'underline', 'strikethrough', 'spoiler', 'code'],
      'b i u s x c',
    ],
    ['\\*not bold\\*', undefined, '*not bold*'],
    ['[text](https://a.test/\\))', ['text_link'], 'text'],
    ['```py\nx = 1\n```', ['pre'], 'x = 1'],
    ['>one\n>two\nthree', ['blockquote'], 'one\ntwo\nthree'],
    ['>one\n>two||', ['expandable_blockquote'], 'one\ntwo'],
    ['`a.b-c`', ['code'], 'a.b-c'],
  ])('MarkdownV2 takes %j', async (source, types, text) => {
    const { parse } = await dm();
    const message = await parse(source, 'MarkdownV2');
    expect(message.text).toBe(text);
    expect(message.entities?.map(({ type }) => type)).toEqual(types);
  });

  test.each([
    ['a.b', "Character '.' is reserved and must be escaped with the preceding '\\'"],
    ['1 - 2', "Character '-' is reserved and must be escaped with the preceding '\\'"],
    ['a|b', "Character '|' is reserved and must be escaped with the preceding '\\'"],
    ['ä *bold', "Can't find end of Bold entity at byte offset 3"],
    ['```js\nx', "Can't find end of Pre entity at byte offset 0"],
    ['[a](https://a.test', "Can't find end of a URL at byte offset 3"],
    ['*a _b* c_', "Can't find end of Italic entity at byte offset 8"],
  ])('MarkdownV2 refuses %j', async (source, reason) => {
    const { parse } = await dm();
    expect(await refused(parse(source, 'MarkdownV2'))).toBe(
      `400 Bad Request: can't parse entities: ${reason}`,
    );
  });

  test.each([
    ['<b>b</b> <i>i</i> a &lt; b &amp; c &#33;', ['bold', 'italic'], 'b i a < b & c !'],
    ['<a href="https://a.test/">t</a>', ['text_link'], 't'],
    ['<pre><code class="language-py">x</code></pre>', ['pre'], 'x'],
    ['<blockquote expandable>q</blockquote>', ['expandable_blockquote'], 'q'],
    ['<span class="tg-spoiler">x</span><tg-spoiler>y</tg-spoiler>', ['spoiler'], 'xy'],
    ['<tg-time unix="1647531900" format="t">then</tg-time>', ['date_time'], 'then'],
  ])('HTML takes %j', async (source, types, text) => {
    const { parse } = await dm();
    const message = await parse(source, 'HTML');
    expect(message.text).toBe(text);
    expect(message.entities?.map(({ type }) => type)).toEqual(types);
  });

  test.each([
    ['<p>x</p>', 'Unsupported start tag "p" at byte offset 0'],
    ['1 < 2', 'Unclosed start tag at byte offset 2'],
    ['<b>x', 'Can\'t find end tag corresponding to start tag "b"'],
    ['<b><i>x</b></i>', 'Unmatched end tag, expected "</i>", found "</b>" at byte offset 7'],
    ['x</b>', 'Unexpected end tag at byte offset 1'],
    ['<span>x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
  ])('HTML refuses %j', async (source, reason) => {
    const { parse } = await dm();
    expect(await refused(parse(source, 'HTML'))).toBe(`400 Bad Request: can't parse entities: ${reason}`);
  });

  test('the old Markdown wants its entities closed, and no other mode exists', async () => {
    const { parse } = await dm();
    expect((await parse('*b* a_', 'Markdown').catch(() => undefined))?.text).toBeUndefined();
    expect((await parse('*b* a.b \\_', 'Markdown')).text).toBe('b a.b _');
    expect(await refused(parse('x', 'BBCode' as ParseMode))).toBe('400 Bad Request: unsupported parse_mode');
  });
});
