import { describe, expect, test } from 'vitest';
import { createGreeting } from '../src/greeting.ts';

const compose = (lines: readonly string[]) => ['Hello!', ...lines].join(' ');

describe('the greeting', () => {
  test('waits until everybody whose word it brings has begun', async () => {
    const greeting = createGreeting({ hosts: ['pigeon', 'crow'], compose });
    let text: string | undefined;
    void greeting.text().then((said) => {
      text = said;
    });
    greeting.invite('A pigeon is here.');
    greeting.begun('pigeon');
    greeting.begun('pigeon');
    greeting.begun('owl');
    await new Promise((resolve) => setImmediate(resolve));
    expect(text).toBeUndefined();
    greeting.begun('crow');
    await expect.poll(() => text).toBe('Hello! A pigeon is here.');
  });

  test('waits for nobody where there is nobody', async () => {
    expect(await createGreeting({ hosts: [], compose }).text()).toBe('Hello!');
  });
});
