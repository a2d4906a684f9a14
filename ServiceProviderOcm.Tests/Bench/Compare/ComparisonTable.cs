using System.Globalization;
using System.Text;

namespace ServiceProviderOcm.Tests.Bench.Compare;

/// <summary>Renders two providers' figures as the table of docs/comparison.md.</summary>
public static class ComparisonTable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Renders the introduction and the table.</summary>
    /// <param name="introduction">When, where and with which versions the figures were measured.</param>
    /// <param name="tenants">The number of tenants.</param>
    /// <param name="go">The figures of the Go provider.</param>
    /// <param name="own">The figures of this controller.</param>
    public static string Render(string introduction, int tenants, ProviderFigures go, ProviderFigures own)
    {
        var table = new StringBuilder($"{introduction}\n\n| | Go provider | this controller |\n| --- | --- | --- |\n");
        Row("all Ready", figures => Time(figures.AllReady));
        Row("reads / writes per tenant until then", figures => $"{Number(figures.PerTenant.Reads)} / {Number(figures.PerTenant.Writes)}");
        Row("requests per tenant and hour while idle", figures => Number(figures.IdlePerTenantHour, "0"));
        Row(
            "drift of a `HelmRelease` reverted / a deleted `OCIRepository` created again",
            figures => $"{Time(figures.DriftReverted)} / {Time(figures.DeletionReverted)}");
        Row("Flux recovers, until the `OCM` is Ready", figures => Time(figures.Recovered));
        Row("rotated image pull secret at a tenant", figures => Time(figures.Rotated));
        Row("a tenant's upgrade during that rotation", figures => Time(figures.UpgradedMeanwhile));
        Row(
            string.Create(CultureInfo.InvariantCulture, $"{tenants} deleted"),
            figures => string.Create(CultureInfo.InvariantCulture, $"{Time(figures.AllDeleted)}, {figures.CopiesLeft} Secret copies left"));
        Row(
            "peak memory, resident / anonymous",
            figures => $"{Number(figures.PeakMemory.Resident)} MiB / {Number(figures.PeakMemory.Anonymous)} MiB");
        Row("CPU of the whole run", figures => $"{Number(figures.Cpu.TotalSeconds)} s");
        return table.ToString().TrimEnd('\n');

        void Row(string name, Func<ProviderFigures, string> text) => table.Append(CultureInfo.InvariantCulture, $"| {name} | {text(go)} | {text(own)} |\n");
    }

    private static string Time(TimeSpan time) =>
        time < Second ? $"{Number(time.TotalMilliseconds, "0")} ms" : $"{Number(time.TotalSeconds)} s";

    private static string Number(double number, string format = "0.0") => number.ToString(format, CultureInfo.InvariantCulture);
}
