import { onTestFinished } from 'vitest';
import type { Home, Mailbox } from '../../src/core/ports/store.ts';
import { type Desk, type DeskOptions, openDesk } from './desk.ts';
import { type MailChild, type Report, startChild } from './mail-child.ts';
import type { CreateStore, TestStore } from './store.ts';

/** A store for one test. Whatever the test leaves open or running is ended when it is over. */
export interface Place {
  readonly store: TestStore;
  open: TestStore['open'];
  desk(mailbox: Mailbox, options?: DeskOptions): Desk;
  child(onReport?: (report: Report, child: MailChild) => void): MailChild;
}

export async function usePlace(createStore: CreateStore): Promise<Place> {
  const store = await createStore();
  const endings: (() => Promise<void>)[] = [() => store.remove()];
  onTestFinished(async () => {
    for (const end of endings.reverse()) await end().catch(() => {});
  });
  return {
    store,
    async open(options) {
      const home = await store.open(options);
      let closing: Promise<void> | undefined;
      const close = () => {
        closing ??= home.close();
        return closing;
      };
      endings.push(close);
      return { ...home, close } satisfies Home;
    },
    desk(mailbox, options) {
      const desk = openDesk(mailbox, options);
      endings.push(() => desk.leave());
      return desk;
    },
    child(onReport) {
      const child = startChild(store, onReport);
      endings.push(() => child.kill());
      return child;
    },
  };
}
