import { expect, test } from "vitest";
import { DEVICE_KINDS, success } from "../../../agent/model/index.ts";
import { questionsFor } from "../../../agent/probes/index.ts";

test("a login is tried on nothing but cameras and recorders", () => {
  const trying = DEVICE_KINDS.filter((kind) => questionsFor(kind).includes("logins"));
  expect(trying).toEqual(["camera", "recorder"]);
});

test("an unknown device without an open port is not asked further", () => {
  const asked = (state: "open" | "closed") =>
    ({ ports: { asked: true, at: "", answer: success({ states: { 80: state } }) } }) as const;
  expect(questionsFor("unknown", asked("closed"))).toEqual(["ports"]);
  expect(questionsFor("unknown", asked("open"))).toContain("rtsp");
  expect(questionsFor("camera", asked("closed"))).toContain("rtsp");
});
