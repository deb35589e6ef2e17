import { request } from "node:http";
import { type Answer, failure, success } from "../model/index.ts";
import { networkFailure } from "./network-failure.ts";

/** A whole Report of a large site stays under this. */
const MAX_BYTES = 16 * 1024 * 1024;

export interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * One request to the running daemon over its Unix socket.
 * Errors: `refused`/`unreachable` when no daemon listens there, `timeout`, `malformed` when it is not our daemon.
 */
export function askDaemon(
  socketPath: string,
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: object,
  deadlineMs = 10_000,
): Promise<Answer<ControlAnswer>> {
  return new Promise((resolve) => {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      host: "localhost",
      accept: "application/json",
      ...(payload !== undefined && {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(payload),
      }),
    };
    const outgoing = request(
      { socketPath, method, path, headers, signal: AbortSignal.timeout(deadlineMs) },
      (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on("data", (chunk: Buffer) => {
          size += chunk.length;
          chunks.push(chunk);
          if (size > MAX_BYTES) outgoing.destroy();
        });
        answer.on("error", (error) => resolve(networkFailure(error)));
        answer.on("end", () => resolve(parse(answer.statusCode ?? 0, Buffer.concat(chunks))));
      },
    );
    outgoing.on("error", (error) => resolve(networkFailure(error)));
    outgoing.end(payload);
  });
}

function parse(status: number, body: Buffer): Answer<ControlAnswer> {
  try {
    return success({
      status,
      body: body.length === 0 ? null : (JSON.parse(body.toString("utf8")) as unknown),
    });
  } catch {
    return failure("malformed", "the answer is no JSON");
  }
}
