import { expect, test } from 'vitest';
import { audienceOf, normaliseBaseUrl } from '../../src/coze/base-url.ts';

test.each([
  ['https://api.coze.cn', 'https://api.coze.cn'],
  ['  https://api.coze.cn/ \n', 'https://api.coze.cn'],
  ['HTTPS://API.Coze.CN//', 'https://api.coze.cn'],
  ['https://api.coze.cn/v3', 'https://api.coze.cn'],
  ['https://api.coze.cn/v3/', 'https://api.coze.cn'],
  ['https://api.coze.com/v3/chat', 'https://api.coze.com'],
  ['https://api.coze.com/v1/', 'https://api.coze.com'],
  ['https://api.coze.com/open_api/v2', 'https://api.coze.com'],
  ['http://127.0.0.1:8888', 'http://127.0.0.1:8888'],
  ['http://[::1]:8888/', 'http://[::1]:8888'],
  ['https://proxy.example/coze/v3', 'https://proxy.example/coze'],
  ['https://proxy.example/v3/coze', 'https://proxy.example/v3/coze'],
  ['https://proxy.example/api/v3/v3', 'https://proxy.example/api/v3'],
  ['https://proxy.example/tov3', 'https://proxy.example/tov3'],
])('%j is %s', (given, normal) => {
  expect(normaliseBaseUrl(given)).toBe(normal);
  expect(normaliseBaseUrl(normal)).toBe(normal.endsWith('/v3') ? 'https://proxy.example/api' : normal);
});

test.each([
  ['', /not a web address/],
  ['api.coze.cn', /not a web address/],
  ['ftp://api.coze.cn', /https:\/\//],
  ['https://www.coze.com/space/1/bot/2', /website: set https:\/\/api\.coze\.com/],
  ['https://coze.cn', /website: set https:\/\/api\.coze\.cn/],
  ['api.coze.cn:443', /https:\/\//],
  ['https://me:SECRET@api.coze.cn', /user name or a password/],
  ['https://api.coze.cn?token=SECRET', /before any \?/],
  ['https://api.coze.cn/#SECRET', /before any \?/],
])('%j is refused with the reason, and not repeated', (given, reason) => {
  expect(() => normaliseBaseUrl(given)).toThrow(reason);
  expect(() => normaliseBaseUrl(given)).not.toThrow(/SECRET/);
});

test.each([
  ['https://api.coze.cn', 'api.coze.cn'],
  ['https://api.coze.com', 'api.coze.com'],
  ['https://coze.com:8443/proxy', 'api.coze.com'],
  ['https://notcoze.com', 'api.coze.cn'],
  ['https://api.coze.com.example', 'api.coze.cn'],
  ['http://127.0.0.1:8080', 'api.coze.cn'],
])('a JWT that is sent to %s is for %s', (url, audience) => expect(audienceOf(url)).toBe(audience));
