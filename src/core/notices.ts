import type { CozeFailure } from './errors.ts';

/** Everything that the bridge says in its own words. */
export type Notice =
  | CozeFailure
  | 'welcome'
  | 'help'
  | 'reset'
  | 'stopped'
  | 'stop-button'
  | 'stopping'
  | 'nothing-to-stop'
  | 'not-yours-to-stop'
  | 'question-gone'
  | 'file-follows'
  | 'empty'
  | 'away'
  | 'many-waiting'
  | 'attachment-only'
  | 'attachment-ignored'
  | 'broken';

type Phrases = Record<Notice, string>;

const english: Phrases = {
  welcome: 'Hello! Write me a message and I will answer. /reset starts a new conversation, /help says more.',
  help: 'I pass what you write to a Coze bot and show its answer here.\n/reset - start a new conversation\n/stop - stop the answer that is running\n/help - this text\nIn a group, mention me or reply to one of my messages.',
  reset: 'Done: this is a new conversation, and what was said before is forgotten.',
  stopped: '⏹ Stopped.',
  'stop-button': '⏹ Stop',
  stopping: '⏹ Stopping the answer.',
  'nothing-to-stop': 'There is no answer running that could be stopped.',
  'not-yours-to-stop': 'Only who asked, or an administrator, can stop this answer.',
  'question-gone': 'This suggestion is too old. Please write your question.',
  'file-follows': '📄 This answer is too long for messages. All of it is in this file.',
  empty: '⚠️ The bot gave an empty answer. Please ask again, or in other words.',
  away: '⏳ Coze cannot be reached right now. I keep trying, and answer here as soon as I can.',
  'many-waiting':
    '⏳ You are writing faster than I can answer. Nothing is lost: I answer your messages one by one, so please wait.',
  'attachment-only': 'I can only read text so far. Please describe in words what you would like to know.',
  'attachment-ignored': 'ℹ️ I could only read the text of your message, not what was attached.',
  busy: '⚠️ Coze is busy or cannot be reached right now. Please ask again in a minute.',
  occupied:
    '⚠️ Coze is still working on an earlier question of this conversation. Please ask again in a minute, or start over with /reset.',
  quota: "⚠️ The bot's Coze quota is used up. Its owner can top it up; otherwise please try again tomorrow.",
  token:
    '⚠️ Coze does not accept the access token of this bridge. Its owner has to renew it: COZE_API_TOKEN, or the OAuth app.',
  config: '⚠️ The bot is not set up right at Coze. Its owner finds the reason in the log of the bridge.',
  refused: '⚠️ The content rules of Coze do not allow an answer to this. Please ask something else.',
  'too-long': '⚠️ This conversation has become too long for the bot. Start a new one with /reset.',
  file: '⚠️ Coze does not take this file: it is empty, too large, damaged, or of a kind that it does not know.',
  gone: '⚠️ Coze does not know this conversation (any more). Please ask in another one; /reset starts one.',
  cut: '⚠️ The answer broke off here. Please ask again.',
  failed:
    '⚠️ Coze could not answer. Please ask again; if it stays like this, the owner finds the reason in the log.',
  broken: '⚠️ I could not answer this message. It is kept, and the owner finds the reason in the log.',
};

const chinese: Phrases = {
  welcome: '你好！给我发消息，我就会回答。/reset 开始新的对话，/help 查看说明。',
  help: '我会把你的消息交给 Coze（扣子）智能体，并在这里显示它的回答。\n/reset - 开始新的对话\n/stop - 停止正在进行的回答\n/help - 显示本说明\n在群里，请 @我 或回复我的消息。',
  reset: '好的，已开始新的对话，之前的内容都已忘记。',
  stopped: '⏹ 已停止。',
  'stop-button': '⏹ 停止',
  stopping: '⏹ 正在停止回答。',
  'nothing-to-stop': '当前没有正在进行的回答。',
  'not-yours-to-stop': '只有提问者或管理员可以停止这个回答。',
  'question-gone': '这个建议已过期，请直接输入你的问题。',
  'file-follows': '📄 回答太长，消息放不下，全文见此文件。',
  empty: '⚠️ 智能体没有给出内容，请重新提问或换一种说法。',
  away: '⏳ 现在无法连接 Coze。我会继续尝试，连上后就在这里回答。',
  'many-waiting': '⏳ 你发得比我答得快。消息不会丢失，我会逐条回答，请稍候。',
  'attachment-only': '我目前只能阅读文字，请用文字描述你的问题。',
  'attachment-ignored': 'ℹ️ 我只读取了你消息中的文字，没有读取附件。',
  busy: '⚠️ Coze 现在繁忙或无法连接，请一分钟后再试。',
  occupied: '⚠️ Coze 还在处理这个对话里的上一个问题，请一分钟后再试，或用 /reset 重新开始。',
  quota: '⚠️ 智能体的 Coze 额度已用完，请联系管理员充值，或明天再试。',
  token: '⚠️ Coze 不接受本服务的访问令牌，请管理员更新 COZE_API_TOKEN 或 OAuth 应用。',
  config: '⚠️ 智能体在 Coze 上的设置有误，管理员可以在日志中查看原因。',
  refused: '⚠️ Coze 的内容规则不允许回答这个问题，请换一个问题。',
  'too-long': '⚠️ 这个对话对智能体来说太长了，请用 /reset 开始新的对话。',
  file: '⚠️ Coze 不接受这个文件：它是空的、太大、已损坏，或是不支持的类型。',
  gone: '⚠️ Coze 上找不到这个对话，请换一个对话提问，或用 /reset 开始新的对话。',
  cut: '⚠️ 回答在这里中断了，请重新提问。',
  failed: '⚠️ Coze 没能回答，请重新提问；如果一直这样，管理员可以在日志中查看原因。',
  broken: '⚠️ 这条消息我没能回答。消息已保留，管理员可以在日志中查看原因。',
};

/** The sentence in the reader's language: Chinese for a Chinese locale, else English. */
export function notice(what: Notice, locale: string | undefined): string {
  return (locale?.toLowerCase().startsWith('zh') ? chinese : english)[what];
}
