import type { Api } from 'grammy';
import { signalFor } from './api.ts';

const english = [
  { command: 'start', description: 'Say hello' },
  { command: 'help', description: 'What I can do' },
  { command: 'reset', description: 'Start over and forget what was said' },
  { command: 'stop', description: 'Stop the answer that is running' },
];

const chinese = [
  { command: 'start', description: '打个招呼' },
  { command: 'help', description: '查看说明' },
  { command: 'reset', description: '重新开始，忘掉之前的对话' },
  { command: 'stop', description: '停止正在进行的回答' },
];

/** Fills the menu that people see when they type `/`. */
export async function announceCommands(api: Api, signal: AbortSignal): Promise<void> {
  await api.setMyCommands(english, {}, signalFor(signal));
  await api.setMyCommands(chinese, { language_code: 'zh' }, signalFor(signal));
}
