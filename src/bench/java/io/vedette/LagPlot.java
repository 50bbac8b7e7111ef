package io.vedette;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Mean lag against polls a job, policy by policy, as a drawing for the docs. */
public final class LagPlot {

	private final XYChart chart;

	/**
	 * An empty drawing.
	 * @param legend where it hides no policy
	 */
	public LagPlot(String title, LegendPosition legend) {
		this.chart = new XYChartBuilder().width(720)
			.height(420)
			.title(title)
			.xAxisTitle("polls a job")
			.yAxisTitle("mean lag, s")
			.build();
		this.chart.getStyler().setLegendPosition(legend);
		this.chart.getStyler().setYAxisMin(0.0);
		this.chart.getStyler().setXAxisMin(0.0);
	}

	/** A policy that was measured at some settings, each a dot. */
	public void dots(String name, double[] polls, double[] lags) {
		this.chart.addSeries(name, polls, lags);
	}

	/** A bound that is known everywhere. */
	public void curve(String name, double[] polls, double[] lags) {
		this.chart.addSeries(name, polls, lags).setMarker(SeriesMarkers.NONE);
	}

	/** Writes the drawing as SVG. */
	public void save(Path file) throws IOException {
		VectorGraphicsEncoder.saveVectorGraphic(this.chart, file.toString(), VectorGraphicsFormat.SVG);
		// Letters are paths with more digits than anyone can see.
		Files.writeString(file, Files.readString(file).replaceAll("(\\.\\d\\d)\\d+", "$1"));
	}

}
