/** The policy pack as the engine runs it: a process of its own that answers the analyzer protocol. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { credentials, type ServiceError, status } from "@grpc/grpc-js";
import analyzerServices from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/analyzer_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";

export const PACK_FOLDER = fileURLToPath(new URL("../../policy/", import.meta.url));

export interface AnalyzerOptions {
  /** Folder with PulumiPolicy.yaml. @default policy/ of this repository */
  readonly packFolder?: string;
  /**
   * Started by node in that folder; prints its port.
   * @default the pack's entry, without the CLI's starter, which loads ts-node first
   */
  readonly command?: readonly string[];
  /** @default 30,000 */
  readonly startTimeoutMilliseconds?: number;
}

/** Large enough for every resource of a stack in one message, as in the engine. */
const MAXIMUM_MESSAGE_BYTES = 400 * 1024 * 1024;

export class AnalyzerError extends Error {
  override readonly name = "AnalyzerError";
}

/** One running pack. It serves any number of stacks, one after the other; dispose ends the process. */
export class Analyzer implements AsyncDisposable {
  readonly startMilliseconds: number;
  readonly #process: ChildProcess;
  readonly #client: analyzerServices.AnalyzerClient;

  private constructor(child: ChildProcess, port: number, startMilliseconds: number) {
    this.#process = child;
    this.startMilliseconds = startMilliseconds;
    this.#client = new analyzerServices.AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
      "grpc.max_receive_message_length": MAXIMUM_MESSAGE_BYTES,
      "grpc.max_send_message_length": MAXIMUM_MESSAGE_BYTES,
    });
  }

  static async start(options: AnalyzerOptions = {}): Promise<Analyzer> {
    const started = performance.now();
    const folder = options.packFolder ?? PACK_FOLDER;
    const child = spawn(process.execPath, [...(options.command ?? ["index.js"])], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    // A check that is interrupted or throws must not leave the pack running.
    const stop = () => child.kill();
    process.once("exit", stop);
    child.once("exit", () => process.removeListener("exit", stop));
    try {
      const port = await portOf(child, options.startTimeoutMilliseconds ?? 30_000);
      const analyzer = new Analyzer(child, port, Math.round(performance.now() - started));
      await analyzer.#handshake(folder);
      return analyzer;
    } catch (error) {
      await end(child);
      const reason = error instanceof Error ? error.message : String(error);
      throw new AnalyzerError(`the policy pack in ${folder} did not start: ${reason}`, { cause: error });
    }
  }

  get processId(): number | undefined {
    return this.#process.pid;
  }

  info(): Promise<proto.AnalyzerInfo> {
    return this.#call((done) => this.#client.getAnalyzerInfo(new emptyProto.Empty(), done));
  }

  async configure(request: proto.ConfigureAnalyzerRequest): Promise<void> {
    await this.#call((done) => this.#client.configure(request, done));
  }

  async configureStack(request: proto.AnalyzerStackConfigureRequest): Promise<void> {
    await this.#call((done) => this.#client.configureStack(request, done));
  }

  analyze(request: proto.AnalyzeRequest): Promise<proto.AnalyzeResponse> {
    return this.#call((done) => this.#client.analyze(request, done));
  }

  analyzeStack(request: proto.AnalyzeStackRequest): Promise<proto.AnalyzeResponse> {
    return this.#call((done) => this.#client.analyzeStack(request, done));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.close();
    await end(this.#process);
  }

  /** The engine shakes hands first and takes "unimplemented" for an answer, which is what Node packs give. */
  async #handshake(folder: string): Promise<void> {
    const request = new proto.AnalyzerHandshakeRequest();
    request.setRootDirectory(folder);
    request.setProgramDirectory(folder);
    try {
      await this.#call((done) => this.#client.handshake(request, done));
    } catch (error) {
      if (!isServiceError(error) || error.code !== status.UNIMPLEMENTED) throw error;
    }
  }

  #call<R>(send: (done: (error: ServiceError | null, response: R) => void) => unknown): Promise<R> {
    return promisify((done: (error: ServiceError | null, response: R) => void) => void send(done))();
  }
}

export function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && "details" in error;
}

/** The pack prints its port as its first line; everything else that ends or delays it is an error with its words. */
async function portOf(child: ChildProcess, timeoutMilliseconds: number): Promise<number> {
  let printed = "";
  let complained = "";
  child.stderr?.on("data", (chunk) => {
    complained += String(chunk);
  });
  const deadline = AbortSignal.timeout(timeoutMilliseconds);
  const line = new Promise<string>((resolve) => {
    child.stdout?.on("data", (chunk) => {
      printed += String(chunk);
      if (printed.includes("\n")) resolve(printed.split("\n", 1)[0] ?? "");
    });
  });
  const ended = once(child, "close", { signal: deadline }).then(
    ([code]) => {
      throw new Error(`it ended with code ${code}${words(complained)}`);
    },
    (error) => {
      if (!deadline.aborted) throw error;
      throw new Error(`it printed no port within ${timeoutMilliseconds / 1000} s${words(complained)}`);
    },
  );
  const first = await Promise.race([line, ended]);
  // From here on the end of the process is what dispose asks for.
  ended.catch(() => undefined);
  const port = Number(first);
  if (!Number.isInteger(port) || port < 1)
    throw new Error(`it printed ${JSON.stringify(first)} instead of a port`);
  return port;
}

const words = (text: string) => (text.trim() === "" ? "" : `:\n${text.trim()}`);

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "close");
  child.kill();
  await closed;
}
