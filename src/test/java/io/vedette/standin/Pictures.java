package io.vedette.standin;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.imageio.ImageIO;

/**
 * Pictures of faces, each with its number:
 * {@code /pictures/<provider>/<id>/<n>.<png|jpg>}. All faces of a job differ; two jobs
 * may look alike, so that the cache stays small.
 */
final class Pictures {

	static {
		System.setProperty("java.awt.headless", "true");
		ImageIO.setUseCache(false);
	}

	private static final Pattern PATH = Pattern.compile("/pictures/([^/]+/[^/]+)/(\\d{1,3})\\.(png|jpg)");

	private static final int LOOKS = 64;

	/**
	 * Segments of the digits 0-9 as on a pocket calculator, drawn by hand because a JDK
	 * without fonts cannot write. Bits: top, upper left, upper right, middle, lower left,
	 * lower right, bottom.
	 */
	private static final int[] DIGITS = { 0b1110111, 0b0010010, 0b1011101, 0b1011011, 0b0111010, 0b1101011, 0b1101111,
			0b1010010, 0b1111111, 0b1111011 };

	private static final int[][] SEGMENTS = { { 0, 0, 8, 0 }, { 0, 0, 0, 8 }, { 8, 0, 8, 8 }, { 0, 8, 8, 8 },
			{ 0, 8, 0, 16 }, { 8, 8, 8, 16 }, { 0, 16, 8, 16 } };

	private final Map<Face, byte[]> cache = new ConcurrentHashMap<>();

	private record Face(int look, int number, String format) {
	}

	static boolean isPicture(Request request) {
		return request.path().startsWith("/pictures/");
	}

	Reply answer(Request request) {
		Matcher path = PATH.matcher(request.path());
		if (!path.matches()) {
			return Reply.status(404);
		}
		return Reply.status(200)
			.header("content-type", path.group(3).equals("png") ? "image/png" : "image/jpeg")
			.body(picture(path.group(1), Integer.parseInt(path.group(2)), path.group(3)));
	}

	/**
	 * @param job {@code <provider>/<id>}
	 */
	byte[] picture(String job, int number, String format) {
		int look = Math.floorMod(job.hashCode(), LOOKS);
		return this.cache.computeIfAbsent(new Face(look, number, format), Pictures::draw);
	}

	private static byte[] draw(Face face) {
		BufferedImage image = new BufferedImage(96, 96, BufferedImage.TYPE_INT_RGB);
		Graphics2D pen = image.createGraphics();
		pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
		pen.setColor(Color.getHSBColor((float) face.look() / LOOKS, 0.3f, 0.95f));
		pen.fillRect(0, 0, 96, 96);
		pen.setColor(Color.getHSBColor(face.number() * 0.38f, 0.35f, 0.85f));
		pen.fillOval(16, 6, 64, 84);
		drawFeatures(pen);
		drawNumber(pen, Integer.toString(face.number()));
		pen.dispose();
		return encode(image, face.format());
	}

	private static void drawFeatures(Graphics2D pen) {
		pen.setColor(Color.DARK_GRAY);
		pen.setStroke(new BasicStroke(2.5f));
		pen.fillOval(32, 34, 8, 8);
		pen.fillOval(56, 34, 8, 8);
		pen.drawArc(34, 46, 28, 26, 200, 140);
	}

	private static void drawNumber(Graphics2D pen, String number) {
		pen.translate(4, 76);
		for (char digit : number.toCharArray()) {
			for (int i = 0; i < SEGMENTS.length; i++) {
				if ((DIGITS[digit - '0'] & (1 << (SEGMENTS.length - 1 - i))) != 0) {
					pen.drawLine(SEGMENTS[i][0], SEGMENTS[i][1], SEGMENTS[i][2], SEGMENTS[i][3]);
				}
			}
			pen.translate(13, 0);
		}
	}

	private static byte[] encode(BufferedImage image, String format) {
		try {
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			ImageIO.write(image, format, bytes);
			return bytes.toByteArray();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
