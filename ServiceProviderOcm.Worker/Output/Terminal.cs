namespace ServiceProviderOcm.Worker.Output;

/// <summary>The capabilities of standard output.</summary>
/// <param name="IsRich">Whether it takes colours, and characters beyond ASCII.</param>
/// <param name="Width">How many characters fit in a line; null if there is no limit.</param>
internal sealed record Terminal(bool IsRich, int? Width)
{
    /// <summary>A file, a pipe, or a dumb terminal.</summary>
    public static readonly Terminal Plain = new(IsRich: false, Width: null);

    /// <summary>The terminal of standard output.</summary>
    public static Terminal Current()
    {
        if (Console.IsOutputRedirected)
        {
            return Plain;
        }

        var isRich = Variable("TERM") is not ("" or "dumb") && Variable("NO_COLOR").Length == 0;
        return new Terminal(isRich, Console.WindowWidth > 0 ? Console.WindowWidth : null);
    }

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name) ?? "";
}
