const english = {
  reset: 'New conversation',
  send: 'Send',
  stop: 'Stop',
  transcript: 'Conversation',
  suggestions: 'Suggested questions',
  question: 'Write a message',
  you: 'You',
  bot: 'Bot',
  copy: 'Copy',
  copied: 'Copied',
  retry: 'Try again',
  answering: 'The answer is coming.',
  answered: 'The answer is complete.',
  stopped: 'Stopped.',
  tokens: 'tokens',
  'key-wanted': 'This bridge asks for a key:',
  'key-wrong': 'This key is not accepted. Another one:',
  'key-missing': 'Without a key there is no answer.',
  'go-on': 'Go on',
  'show-image': 'Show image',
  unreachable: 'The bridge cannot be reached. Your message is still here.',
  interrupted: 'The connection was lost. Trying to go on…',
  cleared: 'This is a new conversation.',
  gone: 'This answer can no longer be fetched.',
};

const chinese: typeof english = {
  reset: '新对话',
  send: '发送',
  stop: '停止',
  transcript: '对话',
  suggestions: '建议的问题',
  question: '输入消息',
  you: '你',
  bot: '智能体',
  copy: '复制',
  copied: '已复制',
  retry: '重试',
  answering: '正在回答。',
  answered: '回答完毕。',
  stopped: '已停止。',
  tokens: '个 token',
  'key-wanted': '此服务需要密钥：',
  'key-wrong': '密钥无效，请重新输入：',
  'key-missing': '没有密钥就无法回答。',
  'go-on': '继续',
  'show-image': '显示图片',
  unreachable: '无法连接服务，你的消息还在这里。',
  interrupted: '连接已断开，正在尝试继续……',
  cleared: '已开始新的对话。',
  gone: '已无法获取这条回答。',
};

export type Word = keyof typeof english;

export const isChinese = navigator.language.toLowerCase().startsWith('zh');

/** In the reader's language. */
export const word = (what: Word): string => (isChinese ? chinese : english)[what];

/** Fills in what the page says. */
export function fillIn(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>('[data-word], [data-label], [data-placeholder]')) {
    const { word: text, label, placeholder } = element.dataset;
    if (text) element.textContent = word(text as Word);
    if (label) element.setAttribute('aria-label', word(label as Word));
    if (placeholder) element.setAttribute('placeholder', word(placeholder as Word));
  }
}
