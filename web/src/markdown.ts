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
import MarkdownIt from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';
import { word } from './words.ts';

const languages = { bash, css, go, java, javascript, json, python, sql, typescript, xml, yaml };
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language);

/** Raw HTML stays text, and of addresses only the web's and mail's become links. */
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true, highlight }).use(cjkFriendly);
markdown.validateLink = (address) => /^(?:https?:|mailto:)/i.test(address.trim());

markdown.renderer.rules.link_open = (tokens, index, options, _env, self) => {
  tokens[index]?.attrSet('target', '_blank');
  tokens[index]?.attrSet('rel', 'noopener noreferrer nofollow');
  return self.renderToken(tokens, index, options);
};

/** To load an image tells its server who reads it, and when. */
markdown.renderer.rules.image = (tokens, index) => {
  const { escapeHtml } = markdown.utils;
  const { content = '' } = tokens[index] ?? {};
  const address = escapeHtml(String(tokens[index]?.attrGet('src') ?? ''));
  const name = escapeHtml(content || word('show-image'));
  return `<button type="button" class="image" data-image="${address}" data-name="${escapeHtml(content)}">🖼 ${name}</button>`;
};

// Styles in attributes are forbidden here, as is everything that a text could bring along.
for (const cell of ['th_open', 'td_open'])
  markdown.renderer.rules[cell] = (tokens, index, options, _env, self) => {
    const token = tokens[index];
    const [, align] = /text-align:(\w+)/.exec(String(token?.attrGet('style') ?? '')) ?? [];
    if (token) token.attrs = align ? [['class', align]] : null;
    return self.renderToken(tokens, index, options);
  };

// Whoever has no mouse scrolls them too.
const { fence } = markdown.renderer.rules;
markdown.renderer.rules.fence = (...args) => (fence?.(...args) ?? '').replace('<pre>', '<pre tabindex="0">');

markdown.renderer.rules.table_open = () => '<div class="wide" tabindex="0"><table>';
markdown.renderer.rules.table_close = () => '</table></div>';

function highlight(code: string, language: string): string {
  if (!hljs.getLanguage(language)) return '';
  return hljs.highlight(code, { language, ignoreIllegals: true }).value;
}

export const toHtml = (text: string): string => markdown.render(text);
