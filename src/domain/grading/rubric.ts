import { z } from "zod";

const score = z.int().min(1).max(5);

const Criterion = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, "expected a lower-case id with hyphens")
    .max(40),
  weight: z.number().positive().max(100).default(1).describe("How much it counts beside the others."),
  one: z.string().min(1).max(1000).describe("What a 1 looks like."),
  five: z.string().min(1).max(1000).describe("What a 5 looks like."),
  least: score
    .exactOptional()
    .describe("A lower score fails, whatever the others are: what no average may hide."),
});
export type Criterion = z.infer<typeof Criterion>;

const share = z.number().min(0).max(1);

const Bar = z.strictObject({
  caught: share.default(0.7).describe("The least share of seeded faults that it must catch."),
  false_stops: share.default(0.2).describe("The largest share of accepted work that it may stop."),
  breaks: z
    .array(
      z
        .string()
        .min(1)
        .max(400)
        .regex(/^[^\n\r]*$/, "expected one line"),
    )
    .max(50)
    .default([])
    .describe("Lines that break a rule, in people's words: calibration puts one into accepted work."),
});

/** How a grader grades: what makes an agent one. */
export const Rubric = z
  .strictObject({
    criteria: z.array(Criterion).min(1).max(12),
    pass: z
      .number()
      .gt(1, "expected more than 1, which everything reaches")
      .max(5)
      .describe("The weighted mean of the scores, from 1 to 5, that passes. pullbeat works it out."),
    calibration: Bar.prefault({}).describe(
      "What `pullbeat calibrate` must find. Below it the grader's word is advice, and a person decides.",
    ),
  })
  .superRefine(({ criteria }, context) => {
    const twice = criteria.find((c, i) => criteria.findIndex((o) => o.id === c.id) !== i);
    if (twice !== undefined)
      context.addIssue({
        code: "custom",
        path: ["criteria"],
        message: `two criteria are called ${twice.id}`,
      });
  });
export type Rubric = z.infer<typeof Rubric>;
