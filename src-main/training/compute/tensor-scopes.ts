/** What a scope owns: something that is released once. */
export interface Releasable {
  release(): void;
}

/** Who owns what was made: the innermost open scope, until the thing is kept or released. */
export class TensorScopes<Made extends Releasable> {
  private readonly open: Set<Made>[] = [];

  /** Hands a new thing to the innermost scope; outside all scopes its maker has to release it. */
  track<One extends Made>(made: One): One {
    this.open.at(-1)?.add(made);
    return made;
  }

  /** Takes a thing out of the scope that owns it. */
  forget(made: Made): void {
    for (const scope of this.open) scope.delete(made);
  }

  /** Runs and releases what was made meanwhile and not kept, also when it throws. */
  run<Result>(run: () => Result): Result {
    const scope = new Set<Made>();
    this.open.push(scope);
    try {
      return run();
    } finally {
      this.open.pop();
      for (const made of scope) made.release();
    }
  }
}
