package io.vedette.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;

import org.htmlunit.BrowserVersion;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.ElementNotInteractableException;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.TakesScreenshot;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.htmlunit.HtmlUnitDriver;
import org.openqa.selenium.support.ui.WebDriverWait;

import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A person's browser: Chromium where it is installed, with a profile of its own; else
 * HtmlUnit, which draws nothing and runs no script: to it nothing is live. With
 * -Dhtmlunit=true always the latter.
 */
final class Browser implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

	private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

	private static final boolean REAL = !Boolean.getBoolean("htmlunit") && Files.isExecutable(CHROMIUM)
			&& Files.isExecutable(DRIVER);

	static {
		System.out.println("The page is looked at in " + (REAL ? "Chromium" : "HtmlUnit: no Chromium is installed"));
	}

	private final WebDriver driver = REAL ? chromium() : new HtmlUnitDriver(BrowserVersion.CHROME, false);

	/** Whether it draws, and keeps what a policy says. */
	static boolean isReal() {
		return REAL;
	}

	private static WebDriver chromium() {
		ChromeOptions options = new ChromeOptions();
		options.setBinary(CHROMIUM.toString());
		options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
				"--disable-background-networking", "--disable-component-update", "--no-first-run",
				"--window-size=1200,900");
		options.setCapability("goog:loggingPrefs", Map.of("browser", "ALL"));
		ChromeDriverService service = new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build();
		return new ChromeDriver(service, options);
	}

	void open(String url) {
		this.driver.get(url);
	}

	/** The text that is seen. */
	String text() {
		return textOf("body");
	}

	/** A look that falls into a change is taken again. */
	String textOf(String css) {
		return retried(() -> look(css).getText());
	}

	void click(String css) {
		retried(() -> click(look(css)));
	}

	/** The button with this text, or spoken so. */
	void press(String name) {
		retried(() -> click(button(name)));
	}

	/** The same by the keyboard. */
	void pressByKey(String name) {
		retried(() -> {
			button(name).sendKeys(Keys.ENTER);
			return true;
		});
	}

	private static boolean click(WebElement element) {
		element.click();
		return true;
	}

	/** What is live may be changed between a look and a click. */
	private <T> T retried(Supplier<T> look) {
		return new WebDriverWait(this.driver, PATIENCE)
			.ignoreAll(List.of(StaleElementReferenceException.class, NoSuchElementException.class,
					ElementNotInteractableException.class))
			.until((driver) -> Optional.of(look.get()))
			.orElseThrow();
	}

	/** Waits until these are seen: what an act leads to is there some time after it. */
	void shows(String... texts) {
		showsIn("body", texts);
	}

	void showsIn(String css, String... texts) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(textOf(css)).contains(texts));
	}

	void showsNoMore(String text) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(text()).doesNotContain(text));
	}

	/** The same some time later. */
	String laterText() {
		if (!REAL) {
			this.driver.navigate().refresh();
		}
		return text();
	}

	/** Waits until it is there. */
	WebElement find(String css) {
		return retried(() -> look(css));
	}

	private WebElement look(String css) {
		return this.driver.findElement(By.cssSelector(css));
	}

	List<WebElement> all(String css) {
		return this.driver.findElements(By.cssSelector(css));
	}

	private WebElement button(String name) {
		return this.driver
			.findElement(By.xpath("//button[normalize-space()='%1$s' or @aria-label='%1$s']".formatted(name)));
	}

	void fill(String css, String text) {
		retried(() -> {
			WebElement field = look(css);
			field.clear();
			field.sendKeys(text);
			return true;
		});
	}

	Object run(String script, Object... arguments) {
		return ((JavascriptExecutor) this.driver).executeScript(script, arguments);
	}

	void resize(int width, int height) {
		this.driver.manage().window().setSize(new Dimension(width, height));
	}

	/** What the console tells of errors, and of what the policy has kept out. */
	List<String> complaints() {
		return REAL ? this.driver.manage()
			.logs()
			.get("browser")
			.getAll()
			.stream()
			.filter((entry) -> entry.getLevel().intValue() >= Level.WARNING.intValue())
			.map((entry) -> entry.getLevel() + " " + entry.getMessage())
			.toList() : List.of();
	}

	/** What axe-core finds wrong, each with the rule and the elements. */
	@SuppressWarnings("unchecked")
	List<String> violations() {
		run(axe() + ";window.axe = axe;");
		Object found = ((JavascriptExecutor) this.driver).executeAsyncScript("""
				const done = arguments[arguments.length - 1];
				axe.run(document, {resultTypes: ['violations']}).then((result) => done(result.violations.map((one) =>
				one.id + ': ' + one.nodes.map((node) => node.html + ' ' + node.failureSummary).join(' | '))),
				(fault) => done(['axe: ' + fault]));
				""");
		return (List<String>) found;
	}

	private static String axe() {
		try {
			return new ClassPathResource("axe.min.js").getContentAsString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	byte[] picture() {
		return ((TakesScreenshot) this.driver).getScreenshotAs(OutputType.BYTES);
	}

	@Override
	public void close() {
		this.driver.quit();
	}

}
