import { ConfigError } from '../../config.ts';
import { nameOf, proxyOf } from '../../proxy/address.ts';
import { type Check, failed, odd, ok } from './check.ts';
import { isDemo, type Subject } from './subject.ts';

/** As in package.json. */
const oldestNode = [20, 19] as const;

export function nodeCheck(version: string): Check {
  return {
    name: 'node',
    run() {
      const [major = 0, minor = 0] = version.split('.').map(Number);
      const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
      if (!isOld) return ok(`Node.js ${version}`);
      return failed(
        `Node.js ${version} is too old`,
        `install ${oldestNode.join('.')} or later from https://nodejs.org`,
      );
    },
  };
}

export function settingsCheck(subject: Subject): Check {
  return {
    name: 'settings',
    run() {
      const { config } = subject;
      if (config instanceof ConfigError)
        return failed(
          [...config.mistakes, ...config.warnings].join('; '),
          'mend them in .env or in the environment',
        );
      if (config.warnings.length > 0) return odd(config.warnings.join('; '));
      if (isDemo(subject))
        return ok('nothing is set: the demo runs, and a stand-in answers in place of Coze');
      const names = config.platforms.map(({ platform }) => platform.name);
      return ok(`role ${config.role}; platforms: ${names.join(', ')}`);
    },
  };
}

/** Which leg goes through which proxy. Whether it can be reached is found out by whoever goes there. */
export function proxyCheck({ env, config }: Subject): Check {
  return {
    name: 'proxies',
    run() {
      if (config instanceof ConfigError) return told(env);
      const legs = [
        { name: 'coze', proxy: config.coze?.proxy },
        ...config.platforms
          .filter(({ platform }) => platform.leg)
          .map(({ platform, proxy }) => ({ name: platform.name, proxy })),
      ];
      if (legs.some(({ proxy }) => proxy))
        return ok(
          legs
            .map(({ name, proxy }) => `${name} ${proxy ? `through ${nameOf(proxy)}` : 'straight on'}`)
            .join('; '),
        );
      if (env.HTTP_PROXY || env.http_proxy)
        return odd(
          'none: HTTP_PROXY alone does nothing',
          'set HTTPS_PROXY, COZE_PROXY, TELEGRAM_PROXY or DISCORD_PROXY',
        );
      return ok('none: everything goes straight on');
    },
  };
}

/** As far as it can be told where other settings are wrong. */
function told(env: Subject['env']) {
  // Throws in words for the owner.
  const proxy = proxyOf({ variable: 'COZE_PROXY', server: undefined }, env);
  return ok(`coze ${proxy ? `through ${nameOf(proxy)}` : 'straight on'}`);
}
