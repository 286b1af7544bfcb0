package dev.coppice.data.read;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Tells the names of columns from ids, where a file does not say which its first line holds. */
final class HeaderWords {
  private static final int LONGEST = 24;

  private static final Set<String> USERS =
      Set.of(
          "user",
          "userid",
          "users",
          "username",
          "uid",
          "usr",
          "customer",
          "customerid",
          "client",
          "clientid",
          "member",
          "memberid",
          "visitor",
          "visitorid",
          "person",
          "personid",
          "account",
          "accountid",
          "reader",
          "readerid",
          "reviewer",
          "reviewerid",
          "listener",
          "listenerid",
          "session",
          "sessionid",
          "profileid",
          "who");

  private static final Set<String> ITEMS =
      Set.of(
          "item",
          "itemid",
          "items",
          "iid",
          "product",
          "productid",
          "movie",
          "movieid",
          "film",
          "filmid",
          "book",
          "bookid",
          "isbn",
          "article",
          "articleid",
          "artist",
          "artistid",
          "track",
          "trackid",
          "song",
          "songid",
          "asin",
          "parentasin",
          "sku",
          "business",
          "businessid",
          "video",
          "videoid",
          "anime",
          "animeid",
          "game",
          "gameid",
          "doc",
          "docid",
          "document",
          "documentid",
          "content",
          "contentid",
          "title",
          "page",
          "pageid",
          "what");

  private HeaderWords() {}

  /** Whether one text names a column of users and the other one of items. */
  static boolean areNames(String user, String item) {
    if (!mayBeName(user) || !mayBeName(item)) {
      return false;
    }
    String a = plain(user);
    String b = plain(item);
    return USERS.contains(a) ? ITEMS.contains(b) : ITEMS.contains(a) && USERS.contains(b);
  }

  /**
   * Whether the first line looks like a header: two names of columns, or two words above lines that
   * have numbers in both places.
   *
   * @param lines pairs of user and item, from the head of a file
   */
  static boolean startWithHeader(List<String[]> lines) {
    if (lines.isEmpty()) {
      return false;
    }
    String[] first = lines.get(0);
    if (areNames(first[0], first[1])) {
      return true;
    }
    return lines.size() > 1
        && isWord(first[0])
        && isWord(first[1])
        && lines.stream().skip(1).allMatch(pair -> isNumber(pair[0]) && isNumber(pair[1]));
  }

  private static boolean mayBeName(String text) {
    return text != null
        && !text.isEmpty()
        && text.length() <= LONGEST
        && text.chars().noneMatch(Character::isDigit);
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[ _.#-]", "");
  }

  private static boolean isWord(String text) {
    return !text.isBlank() && text.chars().noneMatch(Character::isDigit);
  }

  private static boolean isNumber(String text) {
    return text.strip().matches("[0-9]+");
  }
}
