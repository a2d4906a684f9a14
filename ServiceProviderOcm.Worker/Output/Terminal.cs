namespace ServiceProviderOcm.Worker.Output;

/// <summary>What standard output can show.</summary>
/// <param name="IsRich">Whether it takes colours, and characters beyond ASCII.</param>
/// <param name="Width">How many characters fit in a line; null if there is no limit.</param>
internal sealed record Terminal(bool IsRich, int? Width)
{
    /// <summary>A file, a pipe, or a terminal that says it can do nothing.</summary>
    public static readonly Terminal Plain = new(IsRich: false, Width: null);

    /// <summary>What standard output is.</summary>
    public static Terminal Current()
    {
        if (Console.IsOutputRedirected)
        {
            return Plain;
        }

        var width = Console.WindowWidth > 0 ? Console.WindowWidth : (int?)null;
        return new Terminal(Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"), width);
    }
}
