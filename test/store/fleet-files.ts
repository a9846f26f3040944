/** Texts of files that a test does not care about; each takes what it does care about. */
export const agentText = (name: string, more = ""): string =>
  `---\nname: ${name}\ndescription: Tests things\nengine: { kind: scripted, script: replies.jsonl }\n${more}---\nYou test.\n`;

export const taskText = (id: string, more = ""): string =>
  `---\nid: ${id}\ntitle: Task ${id}\nagent: tester\n${more}---\n## Brief\n`;
