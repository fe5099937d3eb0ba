"""Evidence on the page: claims, records, open questions, rules, figures and sources, and where each source is used."""
