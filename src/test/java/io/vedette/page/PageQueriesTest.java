package io.vedette.page;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.List;

import io.vedette.RunningVedette;
import io.vedette.job.JobSearch;
import io.vedette.page.QueryLog.Query;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What each screen reads, where there are 30,000 jobs that have ended and as many dead
 * letters: a page, whatever there is.
 */
@Import(PageQueriesTest.Logged.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestPropertySource(properties = "vedette.targets.second.uri=file:${vedette.data}/second")
class PageQueriesTest extends RunningVedette {

	private static final int MANY = 30_000;

	/** Rows of an index, each of which H2 counts once more as a part of the answer. */
	private static final long MOST = 2 * JobSearch.MOST_READ + 1000;

	@Autowired
	private JdbcClient jdbc;

	@Autowired
	private QueryLog log;

	@BeforeAll
	void fill() {
		this.jdbc.sql("""
				insert into job (provider, job_id, reference, batch, status, registered_at, finished_at, polls)
				select 'crun', 'many-' || x, 'r' || mod(x, 10), 'b' || mod(x, 10),
				case when mod(x, 2) = 0 then 'SUCCEEDED' else 'FAILED' end, dateadd('SECOND', -x, current_timestamp),
				dateadd('SECOND', 1 - x, current_timestamp), 1 from system_range(1, %d) t(x)
				""".formatted(MANY)).update();
		this.jdbc.sql("""
				insert into event (job, seq, event_id, type, file_name, body, stored_at)
				select id, 0, 'crun:' || job_id || ':job', 'vedette.job.succeeded', 'job', '{}', finished_at from job
				where job_id like 'many-%'
				""").update();
		this.jdbc.sql("""
				insert into delivery (event, job, target, status, attempts, due_at, settled_at, reason)
				select id, job, 'second', 'DEAD', 3, stored_at, stored_at, 'HTTP 503' from event
				where event_id like 'crun:many-%'
				""").update();
		// Their account is not configured: they wait.
		this.jdbc
			.sql("""
					insert into job (provider, job_id, account, status, registered_at, polls)
					select 'crun', 'many-waiting-' || x, 'gone', 'WATCHING', current_timestamp, 0 from system_range(1, %d) t(x)
					"""
				.formatted(MANY))
			.update();
		this.jdbc.sql("analyze").update();
	}

	@AfterAll
	void empty() {
		this.jdbc.sql("delete from job where job_id like 'many-%'").update();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/page/jobs", "/page/jobs?status=failed", "/page/jobs?provider=crun",
			"/page/jobs?provider=crun&status=succeeded", "/page/jobs?reference=r1", "/page/jobs?batch=b1",
			"/page/jobs?target=second", "/page/jobs?since=2020-01-01T00:00:00Z", "/page/jobs?q=many-99",
			"/page/jobs?q=many-99&status=succeeded", "/page/jobs/crun/many-77", "/page/dead-letters",
			"/page/dead-letters?target=second", "/page/dead-letters?since=2020-01-01T00:00:00Z", "/page/audit",
			"/page/rejected", "/page/configuration" })
	void readsNoMoreThanAPage(String path) throws Exception {
		for (Query query : queries(path)) {
			long rows = query.rowsRead();
			assertThat(rows).as(path + ": " + query.sql()).isLessThanOrEqualTo(MOST);
		}
	}

	@Test
	void saysWhereItHasStoppedCounting() throws Exception {
		assertThat(page("/")).contains("10,000 or more");
	}

	private List<Query> queries(String path) throws IOException, InterruptedException {
		this.log.begin();
		page(path);
		return this.log.end();
	}

	private String page(String path) throws IOException, InterruptedException {
		HttpResponse<String> page = HttpClient.newHttpClient()
			.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
		assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
		return page.body();
	}

	/** Has the queries of the page logged. */
	@TestConfiguration(proxyBeanMethods = false)
	static class Logged {

		@Bean
		static QueryLog queryLog() {
			return new QueryLog();
		}

	}

}
