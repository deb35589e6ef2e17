import { expect, test } from "vitest";
import { digestOf, HeardPackets } from "../../../agent/discover/heard-packets.ts";

const packet = (sender: string, text: string) => ({ sender, data: Buffer.from(text) });

test("the same bytes from the same sender by the same protocol are a repeat, all else is not", () => {
  const heard = new HeardPackets();
  const alive = packet("192.0.2.1", "NOTIFY");
  expect(heard.isRepeat("ssdp", alive)).toBe(false);
  expect(heard.isRepeat("ssdp", packet("192.0.2.1", "NOTIFY"))).toBe(true);
  expect(heard.isRepeat("ssdp", packet("192.0.2.1", "NOTIFY "))).toBe(false);
  expect(heard.isRepeat("ssdp", packet("192.0.2.2", "NOTIFY"))).toBe(false);
  expect(heard.isRepeat("mdns", alive)).toBe(false);
  expect(heard.isRepeat("ssdp", alive)).toBe(true);
});

test("a sender who never says the same thing twice does not fill the memory", () => {
  const heard = new HeardPackets();
  const first = packet("192.0.2.1", "first");
  expect(heard.isRepeat("mdns", first)).toBe(false);
  for (let n = 0; n < 2048; n += 1) heard.isRepeat("mdns", packet("192.0.2.9", `${n}`));
  expect(heard.isRepeat("mdns", first)).toBe(false);
});

test("a digest is short, whatever it stands for", () => {
  expect(digestOf("x".repeat(100_000))).toHaveLength(44);
  expect(digestOf(Buffer.from("a"))).toBe(digestOf("a"));
  expect(digestOf("a")).not.toBe(digestOf("b"));
});
