import { compose, writeOn } from './composer.ts';
import { find } from './find.ts';
import { begin, beginAnew, send, stopAnswer, takeOver } from './turn.ts';
import { fillIn, isChinese } from './words.ts';

document.documentElement.lang = isChinese ? 'zh' : 'en';
fillIn(document);
begin();
compose(send);
find('stop').addEventListener('click', stopAnswer);
find('reset').addEventListener('click', () => {
  beginAnew();
  writeOn();
});
addEventListener('storage', takeOver);
