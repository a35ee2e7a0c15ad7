import MarkdownIt, { type Env, type StateCore, type Token } from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';
import { keepExcess } from './excess.ts';
import { closeInline, healBlocks, healInline } from './heal.ts';
import { chatRules } from './rules.ts';

/** What the definitions of links are: their label, and where they lead. */
export type References = Readonly<Record<string, { readonly href: string; readonly title: string }>>;

export interface Parsed {
  readonly tokens: readonly Token[];
  readonly references: References;
  /** The marks that have closed its end. */
  readonly closed: string;
}

/** What happens to an end that is unfinished: it is made to look finished, or only what is open in it is closed. */
export type Ending = 'as it is' | 'healed' | 'closed';

const md = new MarkdownIt({ html: false, linkify: false, typographer: false })
  .use(cjkFriendly)
  .use(chatRules);
// Where a link leads is judged when its words are read: without a safe address they stay as text.
md.validateLink = () => true;
md.normalizeLink = (url) => url;
md.normalizeLinkText = (text) => text;
md.core.ruler.after('block', 'excess', ({ src, tokens }) => keepExcess(src, tokens));
md.core.ruler.after('excess', 'heal', heal);

/** The Markdown as the parser's tokens. */
export function parse(source: string, references: References, ending: Ending): Parsed {
  const env: Env = { references: { ...references }, ending, closed: '' };
  const tokens = md.parse(source, env);
  return { tokens, references: env.references as References, closed: String(env.closed) };
}

function heal(state: StateCore): void {
  const { ending } = state.env;
  if (ending === 'closed') state.env.closed = closeInline(state.tokens);
  if (ending !== 'healed') return;
  const source = healBlocks(state.src, state.tokens);
  if (source !== state.src) {
    state.tokens = [];
    state.md.block.parse(source, state.md, state.env, state.tokens);
    keepExcess(source, state.tokens);
  }
  healInline(state.tokens);
}
