package dev.coppice.core.serving;

/** Which sections hold the table of a side. */
enum TableSections {
  USERS(
      "user",
      SectionKind.USER_IDS,
      SectionKind.USER_ID_BASES,
      SectionKind.USER_ID_OFFSETS,
      SectionKind.USER_BASES,
      SectionKind.USER_OFFSETS,
      SectionKind.USER_DIMS,
      SectionKind.USER_WEIGHTS),
  ITEMS(
      "item",
      SectionKind.ITEM_IDS,
      SectionKind.ITEM_ID_BASES,
      SectionKind.ITEM_ID_OFFSETS,
      SectionKind.ITEM_BASES,
      SectionKind.ITEM_OFFSETS,
      SectionKind.ITEM_DIMS,
      SectionKind.ITEM_WEIGHTS);

  final String what;
  final SectionKind ids;
  final SectionKind idBases;
  final SectionKind idOffsets;
  final SectionKind bases;
  final SectionKind offsets;
  final SectionKind dims;
  final SectionKind weights;

  TableSections(
      String what,
      SectionKind ids,
      SectionKind idBases,
      SectionKind idOffsets,
      SectionKind bases,
      SectionKind offsets,
      SectionKind dims,
      SectionKind weights) {
    this.what = what;
    this.ids = ids;
    this.idBases = idBases;
    this.idOffsets = idOffsets;
    this.bases = bases;
    this.offsets = offsets;
    this.dims = dims;
    this.weights = weights;
  }
}
