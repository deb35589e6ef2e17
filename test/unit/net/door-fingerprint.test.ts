import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bannerFingerprint, doorFingerprint } from "../../../agent/net/outside/door-fingerprint.ts";
import { httpServer, lineTo, rtspServer, tcpServer, VIDEO_SDP } from "../helpers/servers.ts";

const DEADLINE_MS = 6_000;

async function kindAndHash(port: number): Promise<{ kind: string; hash: string }> {
  const answer = await doorFingerprint(lineTo(), port, DEADLINE_MS);
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value;
}

describe("the fingerprint of a door", () => {
  it("of a web page ignores what echoes the asker or the time", async () => {
    let asked = 0;
    const page = (_path: string, head: string) => {
      asked += 1;
      return {
        status: 401,
        headers: {
          Server: "httpd",
          Date: `Sat, 21 Nov 2026 00:00:0${asked} GMT`,
          Location: `http://192.168.1.${asked}/login`,
          "Set-Cookie": `session=${asked}`,
          "WWW-Authenticate": `Digest realm="camera", nonce="${asked}", opaque="${asked}"`,
        },
        body: `<title>Camera at 192.168.1.${asked}:8080</title>${asked}${head.length}`,
      };
    };
    const [one, other] = [await httpServer(page), await httpServer(page)];
    const [first, second] = [await kindAndHash(one.port), await kindAndHash(other.port)];
    expect(first).toEqual(second);
    expect(first.kind).toBe("http");
  });

  it("tells status, server, title and realm apart", async () => {
    const pages = [
      { status: 200, headers: { Server: "a" }, body: "<title>x</title>" },
      { status: 403, headers: { Server: "a" }, body: "<title>x</title>" },
      { status: 200, headers: { Server: "b" }, body: "<title>x</title>" },
      { status: 200, headers: { Server: "a" }, body: "<title>y</title>" },
      {
        status: 200,
        headers: { Server: "a", "WWW-Authenticate": 'Basic realm="r"' },
        body: "<title>x</title>",
      },
    ];
    const hashes = [];
    for (const page of pages) hashes.push((await kindAndHash((await httpServer(() => page)).port)).hash);
    expect(new Set(hashes).size).toBe(pages.length);
  });

  it("asks only for the front page, without a login, by a name that tells nothing", async () => {
    const heads: string[] = [];
    const { port } = await httpServer((_path, head) => {
      heads.push(head);
      return { status: 401, headers: { "Content-Type": "text/html", "WWW-Authenticate": 'Basic realm="r"' } };
    });
    await kindAndHash(port);
    expect(heads).toHaveLength(1);
    expect(heads[0]).toMatch(/^GET \/ HTTP\/1\.1\r\n/);
    expect(heads[0]).not.toContain("127.0.0.1");
    expect(heads[0]).not.toMatch(/authorization|cookie/i);
  });

  it("of TLS holds the certificate, also where plain text is answered with 400", async () => {
    const answer = () => ({ status: 200, body: "<title>x</title>" });
    const [one, other] = [
      await httpServer(answer, { tls: "CN=one" }),
      await httpServer(answer, { tls: "CN=other" }),
    ];
    const [first, again, second] = [
      await kindAndHash(one.port),
      await kindAndHash(one.port),
      await kindAndHash(other.port),
    ];
    expect(first).toEqual(again);
    expect([first.kind, second.kind]).toEqual(["https", "https"]);
    expect(first.hash).not.toBe(second.hash);
    const plain = await httpServer(() => ({ status: 400 }));
    expect((await kindAndHash(plain.port)).kind).toBe("http");
  });

  it("of RTSP ignores the URI and what is described, not the server and its realm", async () => {
    const reply = (realm: string) => (method: string, _path: string, request: string) =>
      method === "OPTIONS"
        ? {
            status: 200,
            headers: { Server: "rtspd", Public: realm === "a" ? "DESCRIBE, OPTIONS" : "OPTIONS, DESCRIBE" },
          }
        : {
            status: 401,
            headers: { "WWW-Authenticate": `Digest realm="${realm}", nonce="${request.length}"` },
            sdp: VIDEO_SDP,
          };
    const [one, same, other] = [
      await rtspServer(reply("a")),
      await rtspServer(reply("a")),
      await rtspServer(reply("b")),
    ];
    expect(await kindAndHash(one.port)).toEqual(await kindAndHash(same.port));
    expect((await kindAndHash(one.port)).kind).toBe("rtsp");
    expect((await kindAndHash(one.port)).hash).not.toBe((await kindAndHash(other.port)).hash);
  });

  it("of anything else is its first line", async () => {
    const { port } = await tcpServer((socket) => socket.write("220 ftp at 10.0.0.1 ready\r\n"));
    expect(await kindAndHash(port)).toEqual(
      bannerFingerprint(Buffer.from("220 ftp at 128.66.0.2 ready\r\nmore")),
    );
  });

  it("is none for a door that keeps silent, in the time allowed", async () => {
    const { port, connections } = await tcpServer(() => undefined);
    const startedAt = performance.now();
    const answer = await doorFingerprint(lineTo(), port, 1_000);
    expect(answer.ok).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    expect(connections()).toBeGreaterThan(0);
  });

  it("takes whatever a door says, without an end too", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 600 }),
        fc.boolean(),
        async (bytes, endless) => {
          const line = lineTo();
          const server = await tcpServer((socket) => {
            const flood = () => {
              while (endless && !socket.destroyed && socket.write(Buffer.alloc(4096, bytes)));
            };
            socket.on("drain", flood);
            socket.write(bytes);
            if (endless) flood();
            else socket.end();
          });
          const answer = await doorFingerprint(line, server.port, DEADLINE_MS);
          if (answer.ok) expect(answer.value.hash).toMatch(/^[0-9a-f]{64}$/);
          // Four connections, and what the system had read ahead on each.
          expect(line.traffic.bytesIn).toBeLessThan(1024 * 1024);
        },
      ),
      { numRuns: 30 },
    );
  });
});
