import { describe, expect, test } from 'vitest';
import { nameOf, proxyOf } from '../../src/proxy/address.ts';
import type { Environment } from '../../src/variables.ts';

const read = (env: Environment, server: string | undefined = 'https://api.coze.cn') =>
  proxyOf({ variable: 'COZE_PROXY', server }, env);
const port = (env: Environment, server?: string) => read(env, server)?.port;

describe('the address of a proxy', () => {
  test.each([
    ['http://127.0.0.1:7890', 'http', '127.0.0.1', 7890],
    ['HTTP://Proxy.Example:3128/', 'http', 'proxy.example', 3128],
    ['http://proxy', 'http', 'proxy', 80],
    ['https://proxy.example', 'https', 'proxy.example', 443],
    ['https://proxy.example:8443', 'https', 'proxy.example', 8443],
    ['127.0.0.1:7890', 'http', '127.0.0.1', 7890],
    ['localhost:7890', 'http', 'localhost', 7890],
    ['socks5://127.0.0.1:1081', 'socks', '127.0.0.1', 1081],
    ['socks5h://proxy', 'socks', 'proxy', 1080],
    ['socks://proxy:9050', 'socks', 'proxy', 9050],
    ['http://[::1]:7890', 'http', '::1', 7890],
    ['[::1]:7890', 'http', '::1', 7890],
    ['socks5://[fe80::1]:1080', 'socks', 'fe80::1', 1080],
  ])('%s', (given, kind, host, port) => {
    expect(read({ COZE_PROXY: given })).toEqual({ kind, host, port, user: '', password: '' });
  });

  test.each(['http://', 'socks5://', ''])(
    'may hold a user and a password, percent-encoded (%s)',
    (scheme) => {
      const proxy = read({ COZE_PROXY: `${scheme}me%40work:p%40ss%3A%2F%E5%AF%86@proxy:1080` });
      expect(proxy).toMatchObject({ host: 'proxy', port: 1080, user: 'me@work', password: 'p@ss:/密' });
    },
  );

  test.each([
    'true',
    'none',
    'localhost',
    'ftp://proxy:21',
    'socks4://proxy:1080',
    'http://proxy:99999',
    'http://proxy/proxy.pac',
    'http://proxy:80?x',
    'http://proxy:80#x',
    'http://me:%zz@proxy:80',
    'socks5://',
    'http://me:pa#ss@proxy:80',
    `socks5://me:${'x'.repeat(256)}@proxy:80`,
  ])('%s is none, and the variable is named, but not what it was set to', (given) => {
    expect(() => read({ COZE_PROXY: given })).toThrow(
      /^COZE_PROXY: must look like http:.*socks5:.*or be off$/,
    );
    const [, told = given] = /^socks5:\/\/(.*)/.exec(given) ?? [];
    if (told) expect(() => read({ COZE_PROXY: given })).not.toThrow(told);
  });

  test('may hold a long password, but for SOCKS5', () => {
    const password = 'x'.repeat(256);
    expect(read({ COZE_PROXY: `http://me:${password}@proxy:80` })).toMatchObject({ password });
  });

  test('is told without the password', () => {
    const name = (COZE_PROXY: string) => nameOf(read({ COZE_PROXY }) ?? expect.fail());
    expect(name('http://me:secret@proxy:7890')).toBe('proxy:7890');
    expect(name('socks5://[::1]:1080')).toBe('[::1]:1080');
  });
});

describe('a leg', () => {
  test('goes straight on when nothing is set', () => {
    expect(read({ HTTP_PROXY: 'http://proxy:1', TELEGRAM_PROXY: 'http://proxy:2' })).toBeUndefined();
  });

  test('goes through its own proxy before the general one, which has several names', () => {
    const env = {
      all_proxy: 'http://proxy:5',
      ALL_PROXY: 'http://proxy:4',
      https_proxy: 'http://proxy:3',
      HTTPS_PROXY: 'http://proxy:2',
      COZE_PROXY: 'http://proxy:1',
    };
    const left: Record<string, string> = { ...env };
    const ports = Object.keys(env)
      .reverse()
      .map((name) => {
        const found = port(left);
        delete left[name];
        return found;
      });
    expect(ports).toEqual([1, 2, 3, 4, 5]);
    expect(port({}, 'http://plain.example')).toBeUndefined();
    expect(port(env, 'http://plain.example')).toBe(1);
    expect(port({ HTTPS_PROXY: 'http://proxy:2' }, 'http://plain.example')).toBe(2);
  });

  test.each(['off', 'OFF'])('set to %s goes straight on, whatever the others do', (off) => {
    expect(read({ COZE_PROXY: off, HTTPS_PROXY: 'http://proxy:2' })).toBeUndefined();
    expect(read({ HTTPS_PROXY: off, ALL_PROXY: 'http://proxy:2' })).toBeUndefined();
  });

  test('whose own proxy is good does not mind a general one that is not', () => {
    expect(port({ COZE_PROXY: 'http://proxy:1', HTTPS_PROXY: 'nonsense' })).toBe(1);
    expect(() => port({ HTTPS_PROXY: 'nonsense' })).toThrow(/^HTTPS_PROXY: /);
  });
});

describe('NO_PROXY', () => {
  test.each([
    ['*', 'https://api.coze.cn'],
    ['api.coze.cn', 'https://api.coze.cn'],
    ['API.Coze.CN', 'https://api.coze.cn'],
    ['coze.cn', 'https://api.coze.cn'],
    ['.coze.cn', 'https://api.coze.cn'],
    ['*.coze.cn', 'https://api.coze.cn'],
    ['localhost, 127.0.0.1,coze.cn', 'https://api.coze.cn'],
    ['localhost coze.cn', 'https://api.coze.cn'],
    ['api.coze.cn:443', 'https://api.coze.cn'],
    ['studio:80', 'http://studio'],
    ['studio:8888', 'http://studio:8888'],
    ['127.0.0.1', 'http://127.0.0.1:8888'],
    ['::1', 'http://[::1]:8888'],
    ['[::1]', 'http://[::1]:8888'],
    ['[::1]:8888', 'http://[::1]:8888'],
  ])('%s exempts %s from the general proxy', (list, server) => {
    const env = { HTTPS_PROXY: 'http://proxy:2' };
    expect(port({ ...env, NO_PROXY: list }, server)).toBeUndefined();
    expect(port({ ...env, no_proxy: list }, server)).toBeUndefined();
    expect(port({ ...env, NO_PROXY: list, COZE_PROXY: 'http://proxy:1' }, server)).toBe(1);
  });

  test.each([
    ['', 'https://api.coze.cn'],
    [',', 'https://api.coze.cn'],
    ['oze.cn', 'https://api.coze.cn'],
    ['api.coze.cn.example', 'https://api.coze.cn'],
    ['api.coze.cn:80', 'https://api.coze.cn'],
    ['localhost,.internal', 'https://api.coze.cn'],
    ['[::1]:80', 'http://[::1]:8888'],
    ['::2', 'http://[::1]:8888'],
  ])('%s does not exempt %s', (list, server) => {
    expect(port({ HTTPS_PROXY: 'http://proxy:2', NO_PROXY: list }, server)).toBe(2);
  });

  test('exempts nothing whose address is not known', () => {
    const env = { HTTPS_PROXY: 'http://proxy:2', NO_PROXY: '*' };
    expect(proxyOf({ variable: 'COZE_PROXY', server: undefined }, env)?.port).toBe(2);
  });
});
