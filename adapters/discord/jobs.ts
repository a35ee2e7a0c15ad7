/** Work by name: a few at a time, the first come first, and before it what somebody waits for. */
export interface Jobs<T> {
  /** What waits already is not added; what is under way is done once more, for it may have begun too early. */
  add(name: string, job: T): void;
  has(name: string): boolean;
  /** Resolves when there is none of this name. */
  done(name: string): Promise<void>;
}

interface Job<T> {
  readonly job: T;
  isUnderWay: boolean;
  again: T | undefined;
  readonly done: Promise<void>;
  readonly finish: () => void;
}

/** `work` must not reject. `onIdle` is called when all is done. */
export function createJobs<T>(lanes: number, work: (job: T) => Promise<void>, onIdle: () => void): Jobs<T> {
  const jobs = new Map<string, Job<T>>();
  const wanted = new Set<string>();
  let running = 0;

  function next(): [string, Job<T>] | undefined {
    const waiting = [...jobs].filter(([, { isUnderWay }]) => !isUnderWay);
    return waiting.find(([name]) => wanted.has(name)) ?? waiting[0];
  }

  async function run(): Promise<void> {
    for (let found = next(); found; found = next()) {
      const [name, job] = found;
      job.isUnderWay = true;
      for (let what: T | undefined = job.job; what !== undefined; what = job.again) {
        job.again = undefined;
        await work(what);
      }
      jobs.delete(name);
      wanted.delete(name);
      job.finish();
    }
    running -= 1;
    if (jobs.size === 0) onIdle();
  }

  return {
    add(name, what) {
      const known = jobs.get(name);
      if (known) {
        if (known.isUnderWay) known.again = what;
        return;
      }
      let finish = () => {};
      const done = new Promise<void>((resolve) => {
        finish = resolve;
      });
      jobs.set(name, { job: what, isUnderWay: false, again: undefined, done, finish });
      if (running >= lanes) return;
      running += 1;
      // Not before what is added together with it.
      void Promise.resolve().then(run);
    },
    has: (name) => jobs.has(name),
    async done(name) {
      for (let job = jobs.get(name); job; job = jobs.get(name)) {
        if (!job.isUnderWay) wanted.add(name);
        await job.done;
      }
    },
  };
}
