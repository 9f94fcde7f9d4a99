/** Why a message did not go, in both languages of the inbox. */

export const sql008 = `
-- null: a vendor's own words, or of before: \`detail\` says it in either.
alter table delivery add column detail_en text;
alter table early_status add column detail text, add column detail_en text;
`
