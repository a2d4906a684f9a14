using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Bench;

/// <summary>The figures of an earlier run, from a file.</summary>
public sealed class Baseline
{
    private static readonly (string Name, string Row, double Factor, string Budget)[] Slopes =
    [
        (Measure.PeakAnonymous, "KiB of anonymous memory per additional tenant", 1024, "20"),
        (Measure.CpuUntilReady, "ms of CPU until Ready per additional tenant", 1000, "4"),
    ];

    private readonly JsonElement _file;

    private Baseline(JsonElement file)
    {
        _file = file;
    }

    /// <summary>The number of tenants of that run.</summary>
    public int Tenants => (int)(_file.Number("tenants") ?? 0);

    /// <summary>Reads a file that <see cref="Write"/> has written.</summary>
    /// <exception cref="JsonException">The file is not JSON.</exception>
    public static Baseline Read(string path) => new(JsonReading.Parse(File.ReadAllText(path)));

    /// <summary>Writes a result, so that later runs can be compared with it.</summary>
    public static void Write(string path, BenchmarkResult result)
    {
        var measures = new JsonObject();
        foreach (var measure in result.Measures)
        {
            measures[measure.Name] = Math.Round(measure.Value, 4);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(
            path,
            new JsonObject { ["scenario"] = result.Scenario, ["tenants"] = result.Tenants, ["measures"] = measures }.ToJsonString() + "\n");
    }

    /// <summary>A figure of that run.</summary>
    public bool TryGet(string name, out double value)
    {
        var found = _file.At("measures", name);
        value = found is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : 0;
        return found is not null;
    }

    /// <summary>What each tenant more than in the baseline costs; nothing if the number of tenants is the same.</summary>
    public IEnumerable<Measure> PerAdditionalTenant(BenchmarkResult result)
    {
        var more = result.Tenants - Tenants;
        if (more <= 0)
        {
            yield break;
        }

        foreach (var (name, row, factor, budget) in Slopes)
        {
            if (TryGet(name, out var before) && result.Measures.FirstOrDefault(measure => measure.Name == name) is { } now)
            {
                yield return new Measure(row, (now.Value - before) * factor / more, 1, budget);
            }
        }
    }
}
