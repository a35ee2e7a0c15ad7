import { longText } from './long-text.ts';
import type { AskedQuestion, Script } from './script.ts';

/** The bot behind the demo: it shows what it heard and what it remembers, the same for the same input. */
export function defaultBrain(question: AskedQuestion): Script {
  const long = /^long (\d{1,7})$/i.exec(question.text.trim());
  if (long) return { steps: [{ say: longText(Number(long[1])) }] };
  const chinese = /\p{Script=Han}/u.test(question.text);
  return {
    steps: [{ say: chinese ? answerInChinese(question) : answerInEnglish(question) }],
    followUps: chinese ? ['你还记得什么？', 'long 5000'] : ['What do you remember?', 'long 5000'],
  };
}

function answerInEnglish({ text, attachments, context }: AskedQuestion): string {
  const earlier = context.length === 1 ? '1 earlier message' : `${context.length} earlier messages`;
  const memory =
    context.length === 0
      ? 'This is our first exchange: I remember nothing from before it.'
      : `I remember **${earlier}** of this conversation. You began with “${firstQuestion(context)}”.`;
  return `You said: ${text || '(no text)'}${attachments > 0 ? ` — with ${attachments} attached` : ''}

${memory}

I am the **Coze emulator**. There is no model behind me, but all else is real:

- the answer *streams*, a few characters at a time;
- the conversation is kept, and \`/reset\` clears it;
- \`long 5000\` makes me write exactly that many characters.

Ask me something else and watch the memory grow. 🚀`;
}

function answerInChinese({ text, attachments, context }: AskedQuestion): string {
  const memory =
    context.length === 0
      ? '这是我们的第一次交流，在此之前我什么都不记得。'
      : `我记得本次会话中之前的 **${context.length} 条消息**。你最先问的是“${firstQuestion(context)}”。`;
  return `你说：${text}${attachments > 0 ? `（附带 ${attachments} 个附件）` : ''}

${memory}

我是 **Coze 模拟器**，背后没有大模型，但其余的一切都是真的：

- 回答会*逐字*流式输出；
- 会话会被记住，发送 \`/reset\` 即可清空；
- 发送 \`long 5000\`，我会写出正好那么多个字符。

再问我点什么，看看记忆如何增长。🚀`;
}

function firstQuestion(context: AskedQuestion['context']): string {
  const first = Array.from(context.find(({ role }) => role === 'user')?.text ?? '');
  return first.length > 60 ? `${first.slice(0, 60).join('')}…` : first.join('');
}
