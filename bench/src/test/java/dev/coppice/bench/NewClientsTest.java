package dev.coppice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NewClientsTest {
  @Test
  void clientsAreComparedWithTakingPart() {
    NewClients joined = new NewClients(List.of("east", "west"));
    joined.known(0, 0.125);
    joined.known(1, 1);
    joined.add(1.0, 0, 0.1, 0.2);
    joined.add(1.0, 1, 0.3, 0.3);
    joined.add(0.1, 0, 0.05, 0.15);
    joined.add(0.1, 1, 0.2, 0.1);
    String table =
        joined.table(
            "gate alone",
            "own rows too",
            (capacity, client) -> capacity * (client == 0 ? 0.4 : 0.3));
    assertThat(table.lines())
        .containsExactly(
            "| client | pairs to find among known items, % | 1.0: gate alone, NDCG@20 (% of"
                + " participating) | 1.0: own rows too | 0.1: gate alone, NDCG@20 (% of"
                + " participating) | 0.1: own rows too |",
            "| --- | ---: | ---: | ---: | ---: | ---: |",
            "| east | 12.5 | 0.1000 (25) | 0.2000 (50) | 0.0500 (125) | 0.1500 (375) |",
            "| west | 100.0 | 0.3000 (100) | 0.3000 (100) | 0.2000 (667) | 0.1000 (333) |");
  }
}
