using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Support.Http;

namespace ServiceProviderOcm.Tests.Bench.Attacks;

/// <summary>What hostile control planes answer.</summary>
internal sealed class Scripts(ProviderApi api)
{
    private const string Secrets = "secrets";
    private const string ConfigMaps = "configmaps";
    private const int ChunkBytes = 64 << 10;
    private const int LargeConfigMaps = 450;
    private const int LargeObjectBytes = 900_000;
    private const int KeptObjectsPerKind = 15;
    private const int HeldBytes = 3_900_000;
    private const int SlowSecrets = 60;

    private static readonly TimeSpan SlowDelete = TimeSpan.FromSeconds(9.5);
    private static readonly TimeSpan SlowWrite = TimeSpan.FromSeconds(9);
    private static readonly TimeSpan ShortWatch = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Drip = TimeSpan.FromMilliseconds(50);

    private static readonly byte[] SettingsFrame = Http2Frame.Of(Http2Frame.Settings);
    private static readonly byte[] PingFrame = Http2Frame.Of(Http2Frame.Ping, new byte[8]);

    private readonly string _labels =
        $$"""{"{{ObjectNames.ManagedByLabel}}":"{{api.Group}}","{{ObjectNames.AppManagedByLabel}}":"{{ObjectNames.AppManagedBy}}"}""";

    private const string ListStart = """{"metadata":{"resourceVersion":"1"},"items":[""";

    /// <summary>Frames that the client answers, without end, of a server that reads nothing.</summary>
    public static async Task Pings(ConnectionContext connection)
    {
        await connection.Transport.Output.WriteAsync(SettingsFrame);
        byte[] chunk = [.. Enumerable.Repeat(PingFrame, ChunkBytes / PingFrame.Length).SelectMany(frame => frame)];
        while (!connection.ConnectionClosed.IsCancellationRequested
            && await connection.Transport.Output.WriteAsync(chunk) is { IsCompleted: false, IsCanceled: false })
        {
        }
    }

    /// <summary>Ends each connection after one answer, and each watch early.</summary>
    public static async Task<bool> OneRequest(HttpContext context, CancellationToken token)
    {
        context.Response.Headers.Connection = "close";
        if (context.IsWatch())
        {
            await context.Response.StartAsync(token);
            await Task.Delay(ShortWatch, TimeProvider.System, token);
        }

        return context.IsWatch();
    }

    /// <summary>A list of Secrets that has no end.</summary>
    public Task<bool> EndlessList(HttpContext context, CancellationToken token) => context.IsListOf(Secrets)
        ? EndlessAsync(context, 200, ListStart, Object("a", "") + ",", token)
        : No;

    /// <summary>An object of a list that has no end.</summary>
    public Task<bool> EndlessObject(HttpContext context, CancellationToken token) => context.IsListOf(ConfigMaps)
        ? EndlessAsync(context, 200, ListStart + """{"metadata":{"name":"a"},"data":{"x":""" + "\"", new string('x', 1000), token)
        : No;

    /// <summary>A line of a watch that has no end.</summary>
    public Task<bool> EndlessLine(HttpContext context, CancellationToken token) => context.IsWatchOf(Secrets)
        ? EndlessAsync(context, 200, """{"type":"ADDED","object":{"metadata":{"name":"a"},"x":""" + "\"", new string('x', 1000), token)
        : No;

    /// <summary>Small events of a watch, without end.</summary>
    public Task<bool> EndlessEvents(HttpContext context, CancellationToken token) => context.IsWatchOf(ConfigMaps)
        ? EndlessAsync(context, 200, "", $$"""{"type":"MODIFIED","object":{{Object("a", "")}}}""" + "\n", token)
        : No;

    /// <summary>The answer to a rejected write, without end.</summary>
    public Task<bool> EndlessError(HttpContext context, CancellationToken token) => context.IsWrite() || context.IsListOf(Secrets)
        ? EndlessAsync(context, 403, """{"kind":"Status","message":""" + "\"", new string('x', 1000), token)
        : No;

    /// <summary>A list that always has one more page.</summary>
    public async Task<bool> EndlessContinue(HttpContext context, CancellationToken token)
    {
        if (context.IsList())
        {
            await context.Response.WriteAsync("""{"metadata":{"resourceVersion":"1","continue":"more"},"items":[]}""", token);
        }

        return context.IsList();
    }

    /// <summary>A list and lines of a watch of which a byte is sent now and then.</summary>
    public async Task<bool> SlowDrip(HttpContext context, CancellationToken token)
    {
        if (!context.IsListOf(Secrets) && !context.IsWatchOf(ConfigMaps))
        {
            return false;
        }

        foreach (var character in ListStart + Object(new string('a', 100_000), ""))
        {
            await context.Response.WriteAsync(character.ToString(), token);
            await Task.Delay(Drip, TimeProvider.System, token);
        }

        return true;
    }

    /// <summary>Nothing at all.</summary>
    public static async Task<bool> Silence(HttpContext context, CancellationToken token)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        return true;
    }

    /// <summary>A watch that opens and fails at once.</summary>
    public static async Task<bool> BrokenWatch(HttpContext context, CancellationToken token)
    {
        if (context.IsWatch())
        {
            await context.Response.WriteAsync(
                """{"type":"ERROR","object":{"kind":"Status","status":"Failure","code":500,"message":"no"}}""" + "\n", token);
        }

        return context.IsWatch();
    }

    /// <summary>A watch that opens and ends within a line.</summary>
    public static async Task<bool> TruncatedWatch(HttpContext context, CancellationToken token)
    {
        if (context.IsWatch())
        {
            await context.Response.WriteAsync("""{"type":"ADDED","object":{"metadata":{"na""", token);
        }

        return context.IsWatch();
    }

    /// <summary>Lists and events with deep objects, in fields that are kept and in others.</summary>
    public async Task<bool> DeepObjects(HttpContext context, CancellationToken token)
    {
        var isList = context.IsListOf(ConfigMaps);
        if (!isList && !context.IsWatchOf(ConfigMaps))
        {
            return false;
        }

        string[] deep = [Object("kept", $",\"data\":{Nested(9_000)}"), Object("skipped", $",\"x\":{Nested(100_000)}"), Object("deeper", $",\"data\":{Nested(100_000)}")];
        if (isList)
        {
            await context.Response.WriteAsync($"{ListStart}{string.Join(',', deep)}]}}", token);
            return true;
        }

        while (true)
        {
            foreach (var each in deep)
            {
                await context.Response.WriteAsync($$"""{"type":"MODIFIED","object":{{each}}}""" + "\n", token);
            }

            await Task.Delay(Drip, TimeProvider.System, token);
        }
    }

    /// <summary>450 ConfigMaps of 900 kB with our labels, in pages.</summary>
    public async Task<bool> LargeConfigMapList(HttpContext context, CancellationToken token)
    {
        if (!context.IsListOf(ConfigMaps))
        {
            return false;
        }

        var first = Number(context, "continue", 0);
        var end = Math.Min(LargeConfigMaps, first + Number(context, "limit", LargeConfigMaps));
        var next = end < LargeConfigMaps ? $"{end}" : "";
        await context.Response.WriteAsync($$"""{"metadata":{"resourceVersion":"1","continue":"{{next}}"},"items":[""", token);
        for (var number = first; number < end; number++)
        {
            var separator = number > first ? "," : "";
            var data = new string((char)('a' + (number % 26)), LargeObjectBytes);
            await context.Response.WriteAsync(separator + Object($"large-{number}", $$""","data":{"x":"{{data}}"}"""), token);
        }

        await context.Response.WriteAsync("]}", token);
        return true;
    }

    /// <summary>15 ConfigMaps and 15 Secrets of 900 kB with our labels: as much as may be kept of one control plane.</summary>
    public async Task<bool> KeptObjects(HttpContext context, CancellationToken token)
    {
        if (!context.IsListOf(Secrets) && !context.IsListOf(ConfigMaps))
        {
            return false;
        }

        await context.Response.WriteAsync(ListStart, token);
        for (var number = 0; number < KeptObjectsPerKind; number++)
        {
            var data = new string((char)('a' + number), LargeObjectBytes);
            await context.Response.WriteAsync(
                (number > 0 ? "," : "") + Object($"kept-{number}", $$""","data":{"x":"{{data}}"}"""), token);
        }

        await context.Response.WriteAsync("]}", token);
        return true;
    }

    /// <summary>Watches that send most of a line, and keep it in memory.</summary>
    public static async Task<bool> HeldLines(HttpContext context, CancellationToken token)
    {
        if (!context.IsWatch())
        {
            return false;
        }

        await context.Response.WriteAsync(
            """{"type":"ADDED","object":{"metadata":{"name":"a"},"x":""" + "\"" + new string('x', HeldBytes), token);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        return true;
    }

    /// <summary>60 Secrets with our labels, each of which takes 9.5 s to delete.</summary>
    public async Task<bool> SlowDeletions(HttpContext context, CancellationToken token)
    {
        if (context.IsListOf(Secrets))
        {
            var secrets = Enumerable.Range(0, SlowSecrets).Select(number => Object($"slow-{number}", ""));
            await context.Response.WriteAsync($"{ListStart}{string.Join(',', secrets)}]}}", token);
            return true;
        }

        await Task.Delay(context.Request.Method == HttpMethods.Delete ? SlowDelete : TimeSpan.Zero, TimeProvider.System, token);
        return false;
    }

    /// <summary>Writes that take 9 s.</summary>
    public static async Task<bool> SlowWrites(HttpContext context, CancellationToken token)
    {
        await Task.Delay(context.IsWrite() ? SlowWrite : TimeSpan.Zero, TimeProvider.System, token);
        return false;
    }

    private static Task<bool> No => Task.FromResult(false);

    private static string Nested(int levels) => $$"""{"d":{{new string('[', levels)}}{{new string(']', levels)}}}""";

    private static int Number(HttpContext context, string parameter, int otherwise) =>
        int.TryParse(context.Request.Query[parameter], CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private string Object(string name, string fields) =>
        $$$"""{"metadata":{"name":"{{{name}}}","namespace":"{{{ObjectNames.ToolkitNamespace}}}","uid":"u-{{{name}}}","resourceVersion":"1","labels":{{{_labels}}}}{{{fields}}}}""";

    private static async Task<bool> EndlessAsync(HttpContext context, int code, string start, string rest, CancellationToken token)
    {
        var chunk = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(rest, 1 + (ChunkBytes / rest.Length))));
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(start, token);
        while (true)
        {
            await context.Response.Body.WriteAsync(chunk, token);
        }
    }
}
