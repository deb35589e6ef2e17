import type { Context } from "../context.ts";
import type { Routes } from "../routing.ts";

export function statementsRoutes(_routes: Routes, _context: Context): void {}
