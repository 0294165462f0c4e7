import 'reflect-metadata'
import { randomBytes } from 'node:crypto'
import {
  Body,
  Controller,
  Get,
  HttpCode,
  Module,
  Post,
  Redirect,
  Req,
  Session,
  UnauthorizedException,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import type { Request } from 'express'
import session, { type SessionData } from 'sessionware'

declare module 'sessionware' {
  interface SessionData {
    user: string
    views: number
  }
}

const { HOST = '127.0.0.1', PORT = '3000' } = process.env

// Without SESSION_SECRET each start uses a new secret. The sessions are in memory, so they are lost at a restart anyway.
const { SESSION_SECRET = randomBytes(32).toString('hex') } = process.env

@Controller()
class AppController {
  /** `@Session()` gives `req.session`. */
  @Get()
  show(@Session() data: Partial<SessionData>) {
    data.views = (data.views ?? 0) + 1
    return { user: data.user ?? null, views: data.views }
  }

  /** For its methods, such as regenerate(), take the request: `@Session()` data would be the old session after it. */
  @Post('login')
  @Redirect('/', 303)
  async logIn(@Req() req: Request, @Body() body: { user?: unknown }) {
    if (typeof body.user !== 'string') throw new UnauthorizedException()
    await req.session.regenerate({ keep: true })
    req.session.user = body.user
  }

  @Post('logout')
  @HttpCode(204)
  async logOut(@Req() req: Request) {
    await req.session.destroy()
  }
}

@Module({ controllers: [AppController] })
class AppModule {}

async function main() {
  const app = await NestFactory.create<NestExpressApplication>(AppModule, { logger: ['warn', 'error'] })
  app.use(session(session.recommended({ secret: SESSION_SECRET, name: 'sid' })))
  await app.listen(Number(PORT), HOST)
  console.log(`Open ${await app.getUrl()}`)
}

main()
