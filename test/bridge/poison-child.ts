import { telegram } from '../../adapters/telegram/index.ts';
import { runBridge } from '../../src/bridge.ts';

/** The bridge with a defect: it cannot render a certain word. */
const flawed: typeof telegram = {
  ...telegram,
  sender(settings, tools) {
    const sender = telegram.sender(settings, tools);
    return {
      ...sender,
      render(markdown, ...more) {
        if (markdown.includes('poison')) throw new TypeError('a planted defect');
        return sender.render(markdown, ...more);
      },
    };
  },
};

await runBridge({ platforms: [flawed], variables: process.env });
