/** One moving line for each piece of work, on standard error, and only where a person watches. */

export interface Progress {
  /** Replaces the text behind a piece of work. */
  update(name: string, text: string): void;
  done(name: string): void;
}

const silent: Progress = { update: () => {}, done: () => {} };

/** Runs `work` under a list of progress lines that disappears when the work ends. */
export async function withProgress<T>(
  names: readonly string[],
  work: (progress: Progress) => Promise<T>,
): Promise<T> {
  if (!process.stderr.isTTY) {
    return await work(silent);
  }
  const { Listr, ListrLogger, ProcessOutput } = await import("listr2");
  const output = new ProcessOutput(process.stderr, process.stderr, {
    dump: ["stderr"],
    leaveEmptyLine: false,
  });
  const pieces = new Map(names.map((name) => [name, Promise.withResolvers<void>()]));
  const titles = new Map<string, (text: string) => void>();
  const list = new Listr(
    names.map((name) => ({
      title: name,
      task: (_context: unknown, task: { title: string }) => {
        titles.set(name, (text) => {
          task.title = `${name}  ${text}`;
        });
        return pieces.get(name)?.promise;
      },
    })),
    {
      concurrent: true,
      registerSignalListeners: false,
      forceTTY: true,
      rendererOptions: { clearOutput: true, logger: new ListrLogger({ processOutput: output }) },
    },
  );
  const shown = list.run();
  try {
    return await work({
      update: (name, text) => titles.get(name)?.(text),
      done: (name) => pieces.get(name)?.resolve(),
    });
  } finally {
    for (const piece of pieces.values()) {
      piece.resolve();
    }
    await shown;
  }
}
