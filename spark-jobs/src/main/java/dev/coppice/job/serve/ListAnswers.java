package dev.coppice.job.serve;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.coppice.core.serving.RankedItem;
import dev.coppice.core.serving.ServingModel;
import dev.coppice.core.serving.UserRow;
import dev.coppice.job.serve.ModelServer.Refusal;
import java.util.List;
import java.util.Optional;

/** Answers to one question, all from one model. */
final class ListAnswers {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ServingModel model;
  private final Question question;
  private final ObjectNode answer = MAPPER.createObjectNode();
  private final ArrayNode lists;

  ListAnswers(LiveModel.Loaded loaded, Question question) {
    this.model = loaded.model();
    this.question = question;
    lists = answer.putArray("lists");
  }

  /** Lists for users, and for those who have the items of a history. */
  ObjectNode recommended() throws Refusal {
    if (question.users().isEmpty() && question.histories().isEmpty()) {
      throw new Refusal(400, "nobody is asked for; give user=ID, or a history of items");
    }
    for (String user : question.users()) {
      add("user", user, model.recommend(user, question.selection()));
    }
    for (List<String> history : question.histories()) {
      if (!model.canFoldIn()) {
        throw new Refusal(
            501, "the file was written without what histories need; export it with foldIn = true");
      }
      Optional<UserRow> row = model.foldIn(history);
      add(
          "history",
          String.join(",", history),
          row.map(solved -> model.recommend(solved, question.selection())));
    }
    return answer;
  }

  /** Lists of similar items. */
  ObjectNode similar() throws Refusal {
    if (question.items().isEmpty()) {
      throw new Refusal(400, "no item is asked for; give item=ID");
    }
    for (String item : question.items()) {
      add("item", item, model.similar(item, question.selection()));
    }
    return answer;
  }

  private void add(String kind, String of, Optional<List<RankedItem>> list) {
    ObjectNode node = lists.addObject().put(kind, of).put("known", list.isPresent());
    ArrayNode items = node.putArray("items");
    for (RankedItem item : list.orElse(List.of())) {
      items.addObject().put("item", item.id()).put("score", item.score());
    }
  }

  /** What is served. */
  static ObjectNode model(LiveModel.Loaded loaded) {
    ServingModel model = loaded.model();
    ObjectNode answer =
        MAPPER
            .createObjectNode()
            .put("file", loaded.path().getFileName().toString())
            .put("since", loaded.since().toString())
            .put("users", model.users().size())
            .put("items", model.items().size())
            .put("rank", model.info().rank())
            .put("neighbours", model.info().neighbours())
            .put("weightBits", model.weightForm().bits())
            .put("bytes", model.bytes())
            .put("seen", model.holdsSeen())
            .put("foldIn", model.canFoldIn())
            .put("fingerprint", model.info().fingerprint());
    ObjectNode labels = answer.putObject("labels");
    model.info().labels().forEach(labels::put);
    return answer;
  }
}
