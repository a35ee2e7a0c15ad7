const english = {
  hello: 'Hello! What would you like to know?',
  how: 'Write your message below. The answer appears here while the bot is writing it.',
  keys: 'Enter sends it, Shift + Enter begins a new line.',
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
  'copy-code': 'Copy code',
  'copy-yourself': 'Selected: copy it with your keyboard or menu',
  'to-end': 'To the end',
  'too-long': 'characters; a message can have 100,000',
  retry: 'Try again',
  answering: 'The answer is coming.',
  answered: 'The answer is complete.',
  stopped: 'Stopped.',
  token: 'token',
  tokens: 'tokens',
  done: 'Done',
  todo: 'To do',
  'key-wanted': 'This bridge asks for a key:',
  'key-wrong': 'That key was not accepted. Try another:',
  'key-missing': 'Without a key there is no answer.',
  'go-on': 'Continue',
  cancel: 'Cancel',
  'show-image': 'Show image',
  failed: 'The bridge could not answer',
  unreachable: 'The bridge cannot be reached. Your message is still here.',
  interrupted: 'The connection was lost. Trying to go on…',
  cleared: 'This is a new conversation.',
  gone: 'This answer can no longer be fetched.',
};

const chinese: typeof english = {
  hello: '你好！想聊点什么？',
  how: '在下方输入消息，回答会在这里逐字出现。',
  keys: '按 Enter 发送，按 Shift + Enter 换行。',
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
  'copy-code': '复制代码',
  'copy-yourself': '已选中，请用键盘或菜单复制',
  'to-end': '回到底部',
  'too-long': '个字符，每条消息最多 100,000 个',
  retry: '重试',
  answering: '正在回答。',
  answered: '回答完毕。',
  stopped: '已停止。',
  token: '个 token',
  tokens: '个 token',
  done: '已完成',
  todo: '待办',
  'key-wanted': '此服务需要密钥：',
  'key-wrong': '密钥无效，请换一个：',
  'key-missing': '没有密钥就无法回答。',
  'go-on': '继续',
  cancel: '取消',
  'show-image': '显示图片',
  failed: '服务未能回答',
  unreachable: '无法连接服务，你的消息还在这里。',
  interrupted: '连接已断开，正在尝试继续……',
  cleared: '已开始新的对话。',
  gone: '已无法获取这条回答。',
};

export type Word = keyof typeof english;

export const isChinese = navigator.language.toLowerCase().startsWith('zh');

/** In the reader's language. */
export const word = (what: Word): string => (isChinese ? chinese : english)[what];

/** So many of them, in figures as the page's language groups them. */
export const count = (amount: number, what: Word): string =>
  `${new Intl.NumberFormat(isChinese ? 'zh' : 'en').format(amount)} ${word(what)}`;

/** Fills in what the page says. */
export function fillIn(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>('[data-word], [data-label], [data-placeholder]')) {
    const { word: text, label, placeholder } = element.dataset;
    if (text) element.textContent = word(text as Word);
    if (label) element.setAttribute('aria-label', word(label as Word));
    if (placeholder) element.setAttribute('placeholder', word(placeholder as Word));
  }
}
