import { expect, test } from "vitest";
import { fieldsFrom } from "../../../agent/probes/fields.ts";
import { asked } from "../helpers/context.ts";

test("collects what each protocol says, once each, and nothing that is missing", () => {
  const web = { status: 200, schemes: [], certificate: null, answersEverything: false, asksPassword: false };
  const evidence = {
    ...asked("web", {
      doors: [
        {
          ...web,
          door: { protocol: "http", port: 80 },
          server: "S",
          title: null,
          realm: "R",
          bodyText: "<x>",
        },
        { ...web, door: { protocol: "http", port: 81 }, server: "S", title: "T", realm: null },
      ],
    }),
    ...asked("rtsp", {
      doors: [
        { door: { protocol: "rtsp", port: 554 }, server: "R/1", realm: "cam", schemes: [], describes: [] },
      ],
    }),
    ...asked("telnet", { ports: [23], banners: ["(none) login:"] }),
  };
  expect(fieldsFrom(evidence)).toEqual({
    "http.server": ["S"],
    "http.title": ["T"],
    "http.realm": ["R"],
    "http.body": ["<x>"],
    "rtsp.server": ["R/1"],
    "rtsp.realm": ["cam"],
    "telnet.banner": ["(none) login:"],
  });
  expect(fieldsFrom({})).toEqual({});
  expect(fieldsFrom({ web: { asked: false, because: "no-consent" } })).toEqual({});
});
