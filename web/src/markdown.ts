import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import css from 'highlight.js/lib/languages/css';
import go from 'highlight.js/lib/languages/go';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import MarkdownIt, { type Token } from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';
import { word } from './words.ts';

const languages = { bash, css, go, java, javascript, json, python, sql, typescript, xml, yaml };
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language);

/** Raw HTML stays text, and of addresses only the web's and mail's become links. */
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true }).use(cjkFriendly);
markdown.validateLink = (address) => /^(?:https?:|mailto:)/i.test(address.trim());

markdown.renderer.rules.link_open = (tokens, index, options, _env, self) => {
  tokens[index]?.attrSet('target', '_blank');
  tokens[index]?.attrSet('rel', 'noopener noreferrer nofollow');
  return self.renderToken(tokens, index, options);
};

/** To load an image tells its server who reads it, and when. In a link it is a name for where the link goes. */
markdown.renderer.rules.image = (tokens, index) => {
  const { escapeHtml } = markdown.utils;
  const { content = '' } = tokens[index] ?? {};
  const address = String(tokens[index]?.attrGet('src') ?? '');
  const opened = tokens.slice(0, index).findLast(({ type }) => type.startsWith('link_'));
  if (opened?.type === 'link_open') return escapeHtml(content || String(opened.attrGet('href')));
  const name = content || word('show-image');
  return `<button type="button" class="image" data-image="${escapeHtml(address)}" data-name="${escapeHtml(content)}">🖼 ${escapeHtml(name)}</button>`;
};

// Styles in attributes are forbidden here, as is everything that a text could bring along.
for (const cell of ['th_open', 'td_open'])
  markdown.renderer.rules[cell] = (tokens, index, options, _env, self) => {
    const token = tokens[index];
    const [, align] = /text-align:(\w+)/.exec(String(token?.attrGet('style') ?? '')) ?? [];
    if (token) token.attrs = align ? [['class', align]] : null;
    return self.renderToken(tokens, index, options);
  };

/** Whoever has no mouse scrolls it too. */
function codeOf(code: string, language: string): string {
  const name = markdown.utils.escapeHtml(language);
  const copy = `<button type="button" class="copy" aria-label="${word('copy-code')}">${word('copy')}</button>`;
  const shown = highlight(code, language) || markdown.utils.escapeHtml(code);
  return `<div class="code" dir="ltr"><div class="bar"><span>${name}</span>${copy}</div><pre tabindex="0"><code>${shown}</code></pre></div>`;
}
for (const kind of ['fence', 'code_block'])
  markdown.renderer.rules[kind] = (tokens, index) => {
    const { content = '', info = '' } = tokens[index] ?? {};
    return codeOf(content, info.trim().split(/\s/)[0] ?? '');
  };

markdown.renderer.rules.table_open = () => '<div class="wide" tabindex="0"><table dir="auto">';
markdown.renderer.rules.table_close = () => '</table></div>';

markdown.core.ruler.push('on the page', ({ tokens }) => {
  for (const [index, token] of tokens.entries()) {
    // The page has the first heading.
    if (token.type.startsWith('heading_')) token.tag = `h${Math.min(Number(token.tag.slice(1)) + 1, 6)}`;
    if (token.nesting === 1 && token.level === 0) token.attrSet('dir', 'auto');
    const item = tokens[index - 2];
    if (token.type === 'inline' && item?.type === 'list_item_open') markTask(item, token);
  }
});

/** `[ ]` and `[x]` at the beginning of an item are boxes, as on GitHub. */
function markTask(item: Token, { children }: Token): void {
  const [first] = children ?? [];
  const [whole, sign] = /^\[([ xX])\]\s/.exec(first?.content ?? '') ?? [];
  if (first?.type !== 'text' || whole === undefined) return;
  first.content = first.content.slice(whole.length);
  item.attrSet('class', 'task');
  item.meta = { isDone: sign !== ' ' };
}
markdown.renderer.rules.list_item_open = (tokens, index, options, _env, self) => {
  const { meta } = tokens[index] ?? {};
  const opened = self.renderToken(tokens, index, options);
  if (!meta) return opened;
  const [kind, name] = meta.isDone ? ['box done', word('done')] : ['box', word('todo')];
  return `${opened}<span class="${kind}" role="img" aria-label="${name}"></span>`;
};

function highlight(code: string, language: string): string {
  if (!hljs.getLanguage(language)) return '';
  return hljs.highlight(code, { language, ignoreIllegals: true }).value;
}

export const toHtml = (text: string): string => markdown.render(text);
