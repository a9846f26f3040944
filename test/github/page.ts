import type { Reply } from "./call.ts";

/** One page of a list, and where the others are. */
export function paged(reply: Reply, url: URL): Reply {
  if (!Array.isArray(reply.body)) return reply;
  const size = Math.min(100, Number(url.searchParams.get("per_page") ?? 30));
  const page = Math.max(1, Number(url.searchParams.get("page") ?? 1));
  const last = Math.max(1, Math.ceil(reply.body.length / size));
  const at = (n: number, rel: string): string => {
    const there = new URL(url);
    there.searchParams.set("page", String(n));
    return `<${there.href}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [at(page - 1, "prev")] : []),
    ...(page < last ? [at(page + 1, "next"), at(last, "last")] : []),
    ...(page > 1 ? [at(1, "first")] : []),
  ];
  return {
    ...reply,
    body: reply.body.slice((page - 1) * size, page * size),
    headers: { ...reply.headers, ...(links.length === 0 ? {} : { link: links.join(", ") }) },
  };
}
